import sys

from shelf import ordered

print(*ordered(sys.argv[1:]))
