"""`python -m server …`: the commands of cli.py, for those who do without ./run."""

import sys

from server.cli import main

sys.exit(main())
