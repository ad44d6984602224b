package org.jenkinsci.plugins.workflow.steps

/** A build that was aborted, by a person or a time limit. */
class FlowInterruptedException extends RuntimeException {
    final String result

    FlowInterruptedException(String result, String cause) {
        super(cause)
        this.result = result
    }
}
