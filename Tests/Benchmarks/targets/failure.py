"""What keeps a row from being measured."""


class NotMeasured(Exception):
    """Its text stands in the table in place of the value: why, and what to do about it."""
