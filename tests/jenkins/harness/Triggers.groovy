import hudson.AbortException

/** What a scenario lets happen in the world at a certain moment. */
class Triggers {
    static void fire(Build build, Map trigger) {
        trigger.used = true
        world(build, (String) trigger.run)
    }

    /** Runs a command that is no part of the build: someone else changes something. */
    static void world(Build build, String command) {
        if (!command) {
            return
        }
        Process process = new ProcessBuilder('sh', '-c', command).redirectErrorStream(true).start()
        String said = process.inputStream.text
        if (process.waitFor() != 0) {
            throw new AbortException("the scenario's `${command}` failed: ${said}")
        }
    }
}
