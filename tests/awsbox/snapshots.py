"""RDS snapshots and invalidations that take their time: creating, then available, `work_s` later."""
from moto.rds.exceptions import InvalidDBInstanceStateFault
from moto.rds.models import RDSBackend


def extend(box):
    create = RDSBackend.create_db_snapshot

    def create_db_snapshot(self, db_instance_identifier, db_snapshot_identifier, *arguments, **named):
        database = self.databases.get(db_instance_identifier)
        if database is not None and database.status != "available":
            raise InvalidDBInstanceStateFault(f"Cannot create a snapshot because the database instance "
                                              f"{db_instance_identifier} is not currently in the available state.")
        snapshot = create(self, db_instance_identifier, db_snapshot_identifier, *arguments, **named)
        snapshot.status, snapshot.percent_progress = "creating", 0

        def finish():
            snapshot.status, snapshot.percent_progress = "available", 100

        box.later(box.chance.within(box.settings.work_s, "snapshot"), finish)
        return snapshot

    RDSBackend.create_db_snapshot = create_db_snapshot
