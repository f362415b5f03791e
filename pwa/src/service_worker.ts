// Makes the app start without a network; caches the app's own files and nothing that anybody wrote.
/// <reference lib="webworker" />
