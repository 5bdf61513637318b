import sys


def main():
    print(sum(len(word) for word in sys.argv[1:]))
