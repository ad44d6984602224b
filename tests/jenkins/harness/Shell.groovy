import hudson.AbortException
import org.jenkinsci.plugins.workflow.steps.FlowInterruptedException

/**
 * The `sh` step as durable-task runs it: detached from any terminal, its code in a file, its log
 * followed from outside. An abort is SIGTERM to all that bears the step's cookie, children first,
 * 5 s of patience, and no SIGKILL; after 20 s the step fails, whatever still runs.
 */
class Shell {
    static final long SOFT_KILL_MS = 5000
    static final long GIVE_UP_MS = 20000

    private final Build build
    private final File control
    private final File log
    private final File code
    private final String cookie = "durable-${UUID.randomUUID()}".toString()
    private long read = 0
    private String rest = ''
    final StringBuilder out = new StringBuilder()

    Shell(Build build) {
        this.build = build
        control = File.createTempDir('durable-', '')
        log = new File(control, 'jenkins-log.txt')
        code = new File(control, 'jenkins-result.txt')
    }

    /** The exit code. `captured`: standard output is kept in `out` instead of being logged. */
    int run(String script, boolean captured) {
        start(script, captured)
        Map trigger = triggerFor(script)
        while (!code.exists()) {
            boolean met = follow(trigger)
            if (met) {
                Triggers.fire(build, trigger)
                if (trigger['do'] == 'abort') {
                    abort()
                }
                if (trigger['do'] == 'lose_agent') {
                    lose((boolean) trigger.kill)
                }
                trigger = null
            }
            Thread.sleep(10)
        }
        follow(null)
        if (captured) {
            out << new File(control, 'output.txt').text
        }
        int ended = code.text.trim() as int
        control.deleteDir()
        ended
    }

    private void start(String script, boolean captured) {
        File file = new File(control, 'script.sh')
        file.text = '#!/bin/sh -xe\n' + script
        file.setExecutable(true)
        String to = captured ? "> '${control}/output.txt' 2> '${log}'" : "> '${log}' 2>&1"
        // SIGHUP is ignored, there is no terminal, and the shell that waits is nobody's child.
        String wrapper = "(JENKINS_SERVER_COOKIE=${cookie} '${file}' ${to}; echo \$? > '${code}.tmp'; " +
            "mv '${code}.tmp' '${code}') >/dev/null 2>&1 </dev/null &"
        ProcessBuilder builder = new ProcessBuilder('nohup', 'sh', '-c', wrapper)
        builder.environment().clear()
        // What writes the code down outlives an abort.
        builder.environment().putAll(build.environment() + [JENKINS_SERVER_COOKIE: 'please-do-not-kill-me'])
        builder.directory(build.workspace)
        builder.redirectOutput(ProcessBuilder.Redirect.to(new File('/dev/null')))
        builder.redirectError(ProcessBuilder.Redirect.to(new File('/dev/null')))
        builder.start().waitFor()
    }

    private Map triggerFor(String script) {
        (Map) build.scenario.triggers?.find { !it.used && script =~ it.in }
    }

    /** Logs what is new; true when the line that a trigger waits for was among it. */
    private boolean follow(Map trigger) {
        boolean met = false
        if (!log.exists()) {
            return false
        }
        new RandomAccessFile(log, 'r').withCloseable { file ->
            file.seek(read)
            byte[] more = new byte[(int) (file.length() - read)]
            file.readFully(more)
            read += more.length
            rest += new String(more, 'UTF-8')
        }
        while (rest.contains('\n')) {
            String line = rest.substring(0, rest.indexOf('\n'))
            rest = rest.substring(rest.indexOf('\n') + 1)
            build.say(line)
            met = met || (trigger != null && line =~ trigger.on)
        }
        if (code.exists() && rest) {
            build.say(rest)
            rest = ''
        }
        met
    }

    private void abort() {
        long begun = System.currentTimeMillis()
        build.say('Aborted by harry')
        List<Long> pids = Processes.withVariable('JENKINS_SERVER_COOKIE', cookie)
        pids.each { Processes.terminate(it) }
        long soft = begun + SOFT_KILL_MS
        while (System.currentTimeMillis() < soft && pids.any { Processes.alive(it) }) {
            Thread.sleep(10)
        }
        long rested = System.currentTimeMillis()
        boolean left = pids.any { Processes.alive(it) }
        while (!code.exists() && System.currentTimeMillis() < begun + GIVE_UP_MS) {
            Thread.sleep(10)
        }
        follow(null)
        boolean stopped = code.exists()
        build.events << [kind: 'abort', ms: rested - begun, within_soft_kill: !left, stopped: stopped,
                         code: stopped ? code.text.trim() as int : null]
        control.deleteDir()
        // The code is not looked at: what was aborted is aborted.
        throw new FlowInterruptedException('ABORTED', stopped ? 'Aborted by harry' :
            'Aborted by harry; after 20s process did not stop')
    }

    private void lose(boolean kill) {
        if (kill) {
            Processes.withVariable('JENKINS_SERVER_COOKIE', cookie).each { Processes.kill(it) }
        }
        build.agent.online = false
        build.events << [kind: 'agent_lost', agent: build.agent.name]
        throw new AgentLost(build.agent.name)
    }
}
