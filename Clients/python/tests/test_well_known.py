"""Times and lengths of time as Python has them."""

import datetime
import unittest

from customers import Duration, Timestamp

UTC = datetime.timezone.utc


class WellKnownTests(unittest.TestCase):
    def test_moments(self):
        for moment, time in [
            (datetime.datetime(1970, 1, 1, tzinfo=UTC), Timestamp(0, 0)),
            (datetime.datetime(1969, 12, 31, 23, 59, 59, 500_000, UTC), Timestamp(-1, 500_000_000)),
            (datetime.datetime(2001, 9, 9, 1, 46, 40, 1, UTC), Timestamp(1_000_000_000, 1000)),
        ]:
            self.assertEqual(Timestamp.from_datetime(moment), time)
            self.assertEqual(time.to_datetime(), moment)

    def test_a_moment_of_another_zone_is_the_same_moment(self):
        brisbane = datetime.timezone(datetime.timedelta(hours=10))
        moment = datetime.datetime(1970, 1, 1, 10, tzinfo=brisbane)
        self.assertEqual(Timestamp.from_datetime(moment), Timestamp(0, 0))

    def test_a_moment_without_a_zone_is_refused(self):
        with self.assertRaisesRegex(ValueError, "^2026-01-01 00:00:00 has no time zone$"):
            Timestamp.from_datetime(datetime.datetime(2026, 1, 1))

    def test_lengths_of_time(self):
        for length, duration in [
            (datetime.timedelta(days=1, microseconds=1), Duration(86_400, 1000)),
            (datetime.timedelta(seconds=-1.5), Duration(-1, -500_000_000)),
        ]:
            self.assertEqual(Duration.from_timedelta(length), duration)
            self.assertEqual(duration.total_seconds(), length.total_seconds())
