"""When work gets done, when a carrier takes it along, and when it arrives: pure arithmetic in local time.

Instants are integers in ms, as everywhere (see kernel.clock); days are `datetime.date` in a place's own time zone, and
times of day are minutes since midnight. Nothing here reads anything but the zone data of the machine.
"""
