"""`python -m greenreport` is the console script."""

from greenreport.cli import main

main()
