"""Files of order records: read line by line, remembered, taken in."""
