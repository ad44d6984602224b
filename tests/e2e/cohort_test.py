"""Users of a cohort meet one release at a time: a share that rises moves each of them once."""
import http.client
import threading
import unittest

from tests.support.house import DONE, ROLLED_BACK, House
from tests.support.visitor import version_of

USERS = 61  # of no weight a multiple: dealt out in turn, each would meet the same release always
GUARD = "{requests_min: 5, interval: 200ms, warm_up: 0s}"


class Users(threading.Thread):
    """All of them ask in turn until told to leave; `seen` has the versions that each met, in order."""

    def __init__(self, port, header=None, path="/api/v4/system/ping"):
        super().__init__(daemon=True)
        self.port, self.header, self.path = port, header, path
        self.seen = [[] for _ in range(USERS)]
        self.cookies, self.failures, self.leave = [None] * USERS, [], threading.Event()

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.leave.set()
        self.join(20)

    def run(self):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        while not self.leave.is_set():
            for user in range(USERS):
                try:
                    self.ask(connection, user)
                except (OSError, http.client.HTTPException) as error:
                    self.failures.append(f"user {user}: {type(error).__name__} {error}")
                    connection.close()
        connection.close()

    def ask(self, connection, user):
        fields = {self.header: f"user-{user}"} if self.header else {}
        if self.cookies[user]:
            fields["Cookie"] = self.cookies[user]
        connection.request("GET", self.path, headers=fields)
        answer = connection.getresponse()
        answer.read()
        given = answer.headers.get("Set-Cookie", "").split(";")[0]
        self.cookies[user] = given or self.cookies[user]
        version = version_of(answer.headers.get("X-Version-Id", ""))
        if not self.seen[user] or self.seen[user][-1] != version:
            self.seen[user].append(version)


class Cohorts(unittest.TestCase):
    def house(self, cohort, **settings):
        return House(instances=1, guard=GUARD, settings={
            "cohort": cohort, "steps": "[{weight: 30%, hold: 1s}, {weight: 70%, hold: 1s}]", "bake": "1s",
            "keep_warm": "0s"} | settings)

    def test_each_user_moves_once_by_a_header_and_by_a_cookie(self):
        for cohort, header in (("{header: X-User}", "X-User"), ("{cookie: crossfade-user}", None)):
            with self.subTest(cohort), self.house(cohort) as house:
                house.up()
                with Users(house.port, header) as users:
                    house.write_spec(version="1.0.1")
                    house.run("deploy", "--yes", check=DONE)
                self.assertEqual(users.failures, [])
                self.assertEqual(users.seen, [["1.0.0", "1.0.1"]] * USERS)
                if header is None:
                    self.assertTrue(all(each.startswith("crossfade-user=") for each in users.cookies))

    def test_who_met_a_bad_release_is_taken_back_and_nobody_else_meets_it(self):
        # The chat's faults spare its ping, and an unknown user's page is answered by either release.
        with self.house("{header: X-User}") as house:
            house.up()
            with Users(house.port, "X-User", "/api/v4/config/client?format=old") as users:
                house.write_spec(version="1.0.1", faults=["error-rate=0.1"])
                self.assertEqual(house.run("deploy", "--yes").code, ROLLED_BACK)
            met = [each for each in users.seen if "1.0.1" in each]
            self.assertTrue(0 < len(met) < USERS, f"{len(met)} of {USERS}")
            for each in users.seen:
                self.assertIn(each, (["1.0.0"], ["1.0.0", "1.0.1", "1.0.0"]))


if __name__ == "__main__":
    unittest.main()
