"""Loopback addresses of one box: 127.X.0.0/16, claimed for as long as the box lives."""
import socket

CLAIM_PORT = 47001


class Addresses:
    def __init__(self):
        for second in range(128, 255):
            claim = socket.socket()
            try:
                claim.bind((f"127.{second}.255.254", CLAIM_PORT))
                claim.listen()
            except OSError:
                claim.close()
                continue
            self.second, self._claim = second, claim
            break
        else:
            raise SystemExit("awsbox: no free network in 127.128.0.0/9; are a hundred boxes running?")
        self._instances = self._doors = self._contents = 0

    def of_instance(self):
        self._instances += 1
        third, fourth = divmod(self._instances, 250)
        return f"127.{self.second}.{third}.{fourth + 1}"

    def of_distribution(self):
        self._contents += 1
        return f"127.{self.second}.253.{self._contents}"

    def of_balancer(self):
        self._doors += 1
        return f"127.{self.second}.254.{self._doors}"

    def of_node(self, door, turn):
        """Of a balancer's node, beside the balancer's own address."""
        return f"127.{self.second}.{252 - turn}.{door.rsplit('.', 1)[1]}"

    def close(self):
        self._claim.close()
