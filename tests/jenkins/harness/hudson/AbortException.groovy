package hudson

/** A failure that is told in one line, without a trace: of `error`, `sh` and steps used wrongly. */
class AbortException extends IOException {
    AbortException(String message) {
        super(message)
    }
}
