"""An edge whose one target passed a check once; from then on its port is varnishtest's."""
import socket
import threading

from tests.support.edge import Edge

HEALTHY = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


class EdgeBetween(Edge):
    def __init__(self):
        super().__init__()
        with socket.create_server(("127.0.0.1", 0)) as door:
            self.target = "%s:%d" % door.getsockname()
            checks = threading.Thread(target=pass_checks, args=(door,))
            checks.start()
            self.configure({"t": self.target})
            door.shutdown(socket.SHUT_RDWR)
            checks.join()


def pass_checks(door):
    """Until the door is shut."""
    while True:
        try:
            connection, _ = door.accept()
        except OSError:
            return
        with connection:
            connection.recv(4096)
            connection.sendall(HEALTHY)
