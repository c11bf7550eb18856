"""The one exception of `check`: the way out is shut."""


class NotReachable(Exception):
    """Mail cannot leave by this transport now; the message says why, in words for the operator."""
