# What trdtrack.storage uses of sqlcipher3, which has no types of its own: the DB-API of the standard sqlite3 module.
from sqlite3 import Connection as Connection
from sqlite3 import DatabaseError as DatabaseError
from sqlite3 import Error as Error
from sqlite3 import connect as connect

SQLITE_BUSY: int
SQLITE_CANTOPEN: int
SQLITE_CORRUPT: int
SQLITE_FULL: int
SQLITE_IOERR: int
SQLITE_NOTADB: int
SQLITE_READONLY: int
