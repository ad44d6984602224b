"""An application for measurements: answers every request, swallows bodies of any size.

usage: sink.py ADDRESS PORT
"""
import socket
import sys
import threading

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\nX-Version-Id: sink\r\n\r\nok\n"


def serve(connection):
    scratch = bytearray(1 << 20)
    rest = b""
    with connection:
        while True:
            while b"\r\n\r\n" not in rest:
                got = connection.recv(65536)
                if not got:
                    return
                rest += got
            head, rest = rest.split(b"\r\n\r\n", 1)
            length = 0
            for line in head.split(b"\r\n")[1:]:
                name, _, value = line.partition(b":")
                if name.strip().lower() == b"content-length":
                    length = int(value)
            left = length - len(rest)
            rest = rest[length:]
            while left > 0:
                got = connection.recv_into(scratch, min(left, len(scratch)))
                if got == 0:
                    return
                left -= got
            connection.sendall(ANSWER)


def main():
    listener = socket.create_server((sys.argv[1], int(sys.argv[2])), backlog=256)
    while True:
        connection, _ = listener.accept()
        threading.Thread(target=serve, args=(connection,), daemon=True).start()


if __name__ == "__main__":
    main()
