"""What the tests of events share."""

from tests.events import readers

# The second reader of calendar files is there where tests/rig/install-node has run.
collect_ignore = [] if readers.IS_THERE else ["test_calendar_files.py"]
