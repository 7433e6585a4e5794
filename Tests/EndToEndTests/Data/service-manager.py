"""A service manager in small: listens for a daemon and starts it when somebody connects.

Usage: service-manager.py FOLDER COMMAND...

It listens at FOLDER/first and FOLDER/second, hands both over as descriptors 3 and 4, and goes on
until it is killed. FOLDER/said holds what happened, an event a line: "start PID", the daemon's
messages, "exit STATUS".
"""

import os
import select
import socket
import sys

folder, command = sys.argv[1], sys.argv[2:]
listeners = []
for name in ("first", "second"):
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    listener.bind(f"{folder}/{name}")
    listener.listen(16)
    listeners.append(listener)
notify = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
notify.bind(f"{folder}/notify")
said = open(f"{folder}/said", "w", buffering=1)


def become_daemon():
    # Out of the way of 3 and 4 first: one of them may be a listener's own number.
    copies = [os.dup2(listener.fileno(), 100 + n) for n, listener in enumerate(listeners)]
    for number, copy in enumerate(copies):
        os.dup2(copy, 3 + number)
    os.environ.update(
        LISTEN_FDS="2",
        LISTEN_PID=str(os.getpid()),
        LISTEN_FDNAMES="customers.socket:customers.socket",
        NOTIFY_SOCKET=f"{folder}/notify",
        WATCHDOG_USEC="200000",
        WATCHDOG_PID=str(os.getpid()),
    )
    log = os.open(f"{folder}/log", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(log, 2)
    os.closerange(5, 200)
    os.execv(command[0], command)


while True:
    select.select(listeners, [], [])
    process = os.fork()
    if process == 0:
        become_daemon()
    said.write(f"start {process}\n")
    status = None
    while status is None:
        if select.select([notify], [], [], 0.02)[0]:
            said.write(notify.recv(65536).decode() + "\n")
            continue
        ended, how = os.waitpid(process, os.WNOHANG)
        if ended:
            status = os.waitstatus_to_exitcode(how)
    said.write(f"exit {status}\n")
