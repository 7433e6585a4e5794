"""Search, filters and orders, against the real daemon."""

import datetime

from customers import Address, Customer, Invalid, PhoneNumber, Timestamp, to_json_object

from .support import DaemonTestCase, offered


class SearchTests(DaemonTestCase):
    def found(self, query, limit=0):
        return [it.customer_id for it in self.client.search(query, limit)]

    @offered
    def test_a_customer_is_found_at_once_by_all_that_is_known_of_it(self):
        stored = self.client.create(Customer(
            first_name="Zoë",
            last_name="Quisenberry",
            email_address="zq@quisenberry-farm.example",
            phones=[PhoneNumber(country="AU", number_local="0491 570 006",
                                number_international="+61491570006")],
            addresses=[Address(address1="17 Jacaranda Avenue", suburb="Yeppoon")],
        ))
        for query in ("zoe", "ZOË", "quisen", "zoe quisenberry", "zq@quisenberry-farm.example",
                      "quisenberry-farm.example", "0491570006", "0491-570-006", "570006",
                      "jacaranda", "yeppoon"):
            self.assertIn(stored.customer_id, self.found(query), query)
        self.assertEqual(self.found("zoe nobody"), [])

    @offered
    def test_a_search_sees_every_change_at_once(self):
        stored = self.client.create(Customer(first_name="Thaddeus"))
        self.assertEqual(self.found("thaddeus"), [stored.customer_id])
        renamed = Customer(stored.customer_id, first_name="Bartholomew", display_name="Bart")
        self.client.update(renamed)
        self.assertEqual(self.found("thaddeus"), [])
        self.assertEqual(self.found("barthol"), [stored.customer_id])
        self.client.delete(stored.customer_id)
        self.assertEqual(self.found("bartholomew"), [])

    @offered
    def test_the_best_match_is_first_and_the_limit_holds(self):
        part = [self.client.create(Customer(first_name="Xylo", last_name=f"Vantongeren{n}"))
                for n in range(4)]
        whole = self.client.create(
            Customer(first_name="Ann", email_address="vantongeren@example.com"))
        found = self.found("vantongeren@example.com")
        self.assertEqual(found[0], whole.customer_id)
        self.assertEqual(len(self.found("vantongeren", 2)), 2)
        everyone = {it.customer_id for it in [*part, whole]}
        self.assertEqual(set(self.found("vantongeren")), everyone)


class FilterTests(DaemonTestCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.client.create(Customer(
            first_name="Ann", last_name="Smith", email_address="Ann@Example.com",
            phones=[PhoneNumber(number_international="+61491570006")],
            addresses=[Address(address1="1 Road", postcode="4000")], attributes={"tier": "gold"},
        ))
        cls.client.create(Customer(
            first_name="Bob", last_name="Smithers", email_address="bob@example.com",
            phones=[PhoneNumber(number_international="+61491570156")],
            attributes={"tier": "silver"},
        ))
        cls.client.create(Customer(first_name="Cid", last_name="Évora"))

    def names(self, filter="", order_by=""):
        listed = self.client.customers(filter=filter, order_by=order_by, page_size=1)
        return [it.first_name for it in listed]

    @offered
    def test_every_filter_of_the_schema(self):
        begin = self.client.get(next(self.client.customers()).customer_id).create_time
        hour = datetime.timedelta(hours=1)
        before, after = (
            to_json_object(Timestamp.from_datetime(begin.to_datetime() + shift))
            for shift in (-hour, hour)
        )
        for filter, names in [
            ('emailAddress = "ann@example.COM"', ["Ann"]),
            ('email_address = "bob@*"', ["Bob"]),
            ('lastName = "smith"', ["Ann"]),
            ('lastName = "SMI*"', ["Ann", "Bob"]),
            ('lastName = "evo*"', ["Cid"]),
            ('firstName = "cid"', ["Cid"]),
            ('attributes.tier = "gold"', ["Ann"]),
            ("attributes:tier", ["Ann", "Bob"]),
            ('phones.numberInternational = "+61491570006"', ["Ann"]),
            ('phones.numberInternational = "+61491570*"', ["Ann", "Bob"]),
            ('addresses.postcode = "4000"', ["Ann"]),
            (f'updateTime >= "{before}"', ["Ann", "Bob", "Cid"]),
            (f'updateTime > "{after}"', []),
            ('lastName = "smi*" AND attributes.tier = "silver"', ["Bob"]),
        ]:
            self.assertEqual(sorted(self.names(filter)), names, filter)
            exported = [it.first_name for it in self.client.export(filter)]
            self.assertEqual(sorted(exported), names, filter)

    @offered
    def test_every_order_of_the_schema(self):
        for order, names in [
            ("", ["Ann", "Bob", "Cid"]),
            ("lastName", ["Cid", "Ann", "Bob"]),
            ("lastName desc", ["Bob", "Ann", "Cid"]),
            ("updateTime", ["Ann", "Bob", "Cid"]),
            ("updateTime desc", ["Cid", "Bob", "Ann"]),
        ]:
            self.assertEqual(self.names(order_by=order), names, order)
        with_email = [name for name in self.names(order_by="emailAddress") if name != "Cid"]
        self.assertEqual(with_email, ["Ann", "Bob"])

    @offered
    def test_what_is_not_served_is_refused_with_a_reason(self):
        for filter in ('displayName = "x"', 'phones.numberInternational = "+6149*"'):
            with self.assertRaises(Invalid) as caught:
                self.names(filter)
            self.assertEqual(caught.exception.reason, "FILTER_NOT_SUPPORTED")
        with self.assertRaises(Invalid) as caught:
            self.names(order_by="displayName")
        self.assertEqual(caught.exception.reason, "ORDER_NOT_SUPPORTED")
