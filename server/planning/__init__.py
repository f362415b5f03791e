"""Planning: Norwegian days, the rules as rows, and the work that follows from them."""
