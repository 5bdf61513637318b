"""Keeps numbers in order."""


def ordered(words):
    return sorted(int(word) for word in words)
