import hudson.AbortException
import java.nio.channels.FileChannel
import java.nio.channels.FileLock
import java.nio.file.FileSystems
import java.nio.file.Files
import java.nio.file.PathMatcher
import java.nio.file.StandardCopyOption
import java.nio.file.StandardOpenOption
import org.jenkinsci.plugins.workflow.steps.FlowInterruptedException

/**
 * The steps of Jenkins and of common plugins that a pipeline here may use. Each refuses arguments
 * that the real one does not take, and does as much as a test can look at.
 */
class Steps {
    private final Build build

    Steps(Build build) {
        this.build = build
    }

    // --- structure

    def pipeline(Closure body) { new Declarative(build).run(body) }

    def stage(String name, Closure body) { body() }

    def script(Closure body) { body() }

    def node(String label = null, Closure body) {
        Agent agent = build.agents.find { it.offers(label) }
        if (agent == null) {
            throw new AbortException("There are no nodes with the label '${label}'")
        }
        agent.take()
        build.held << agent
        build.say("Running on ${agent.name} in ${agent.workspaceOf((String) build.scenario.job)}")
        try {
            return body()
        } finally {
            build.held.remove(build.held.size() - 1)
            agent.give()
        }
    }

    def retry(Map given, Closure body) {
        only('retry', given, ['count', 'conditions'], ['count'])
        int left = given.count as int
        while (true) {
            try {
                return body()
            } catch (AgentLost lost) {
                if (--left <= 0 || !given.conditions?.any { it.condition == 'agent' }) {
                    throw lost
                }
                build.say("${lost.message}; retrying")
            } catch (AbortException failure) {
                if (given.conditions || --left <= 0) {
                    throw failure
                }
            }
        }
    }

    def agent() { [condition: 'agent'] }

    def nonresumable() { [condition: 'nonresumable'] }

    def timeout(Map given, Closure body) {
        only('timeout', given, ['time', 'unit', 'activity'], ['time'])
        if (given.unit && !(given.unit in ['SECONDS', 'MINUTES', 'HOURS', 'DAYS'])) {
            throw new AbortException("timeout has no unit '${given.unit}'")
        }
        body()
    }

    def lock(Map given, Closure body) {
        only('lock', given, ['resource', 'inversePrecedence', 'variable'], ['resource'])
        File file = new File(build.controller, "lock-${given.resource}")
        FileChannel channel = FileChannel.open(file.toPath(), StandardOpenOption.CREATE, StandardOpenOption.WRITE)
        FileLock held = channel.tryLock()
        if (held == null) {
            build.say("[${given.resource}] is locked, waiting...")
            build.events << [kind: 'waited_for_lock', executors: build.held.size()]
            held = channel.lock()
        }
        try {
            return body()
        } finally {
            held.release()
            channel.close()
        }
    }

    def milestone() { null }

    // --- talk and results

    def echo(Object text) { build.say(text) }

    def error(Object text) { throw new AbortException(text.toString()) }

    def unstable(Object text) {
        build.worsen('UNSTABLE')
        build.say(text)
    }

    def catchError(Map given = [:], Closure body) {
        only('catchError', given, ['buildResult', 'stageResult', 'message', 'catchInterruptions'], [])
        try {
            body()
        } catch (AbortException failure) {
            build.say("ERROR: ${failure.message}")
            build.worsen((String) given.buildResult ?: 'FAILURE')
        }
    }

    def input(Map given) {
        only('input', given, ['id', 'message', 'ok', 'submitter', 'submitterParameter', 'parameters'], ['message'])
        if (given.id && !(given.id ==~ /[A-Za-z0-9_]+/)) {
            throw new AbortException("'${given.id}' is no id of an input")
        }
        build.events << [kind: 'input', executors: build.held.size(), message: given.message.toString(),
                         submitter: given.submitter?.toString()]
        Map answer = (Map) build.scenario.input
        if (!answer) {
            throw new IllegalStateException('the scenario has no answer to an input')
        }
        build.say("${given.message}\n${given.ok ?: 'Proceed'} or Abort")
        Triggers.world(build, (String) answer.run)
        List allowed = given.submitter ? given.submitter.toString().split(',').collect { it.trim() } : []
        if (allowed && !(answer.by in allowed) && !(answer.groups ?: []).any { it in allowed }) {
            throw new FlowInterruptedException('ABORTED', "${answer.by} may not answer")
        }
        if (answer.answer != 'proceed') {
            throw new FlowInterruptedException('ABORTED', "Rejected by ${answer.by}")
        }
        build.say("Approved by ${answer.by}")
        given.submitterParameter ? answer.by : null
    }

    // --- a shell and files

    def sh(String script) { sh([script: script]) }

    def sh(Map given) {
        only('sh', given, ['script', 'label', 'returnStatus', 'returnStdout', 'encoding'], ['script'])
        if (given.returnStatus && given.returnStdout) {
            throw new AbortException("sh gives its status or its output, not both")
        }
        build.agent
        Shell shell = new Shell(build)
        int code = shell.run(given.script.toString(), (boolean) given.returnStdout)
        if (given.returnStatus) {
            return code
        }
        if (code != 0) {
            throw new AbortException("script returned exit code ${code}")
        }
        given.returnStdout ? shell.out.toString() : null
    }

    def checkout(Map scm) {
        File from = new File((String) build.scenario.sources)
        copy(from, build.workspace, '**')
        [:]
    }

    def dir(String name, Closure body) {
        build.folders << name
        try {
            return body()
        } finally {
            build.folders.remove(build.folders.size() - 1)
        }
    }

    def readFile(String name) { new File(build.workspace, name).text }

    def writeFile(Map given) {
        only('writeFile', given, ['file', 'text', 'encoding'], ['file', 'text'])
        File file = new File(build.workspace, given.file.toString())
        file.parentFile.mkdirs()
        file.text = given.text.toString()
        null
    }

    def fileExists(String name) { new File(build.workspace, name).exists() }

    def deleteDir() { build.workspace.deleteDir() }

    def stash(Map given) {
        only('stash', given, ['name', 'includes', 'excludes', 'allowEmpty', 'useDefaultExcludes'], ['name'])
        File to = new File(build.folder, "stash/${given.name}")
        to.deleteDir()
        if (copy(build.workspace, to, (given.includes ?: '**').toString()) == 0 && !given.allowEmpty) {
            throw new AbortException("No files included in stash '${given.name}'")
        }
    }

    def unstash(String name) {
        File from = new File(build.folder, "stash/${name}")
        if (!from.exists()) {
            throw new AbortException("No such saved stash '${name}'")
        }
        copy(from, build.workspace, '**')
    }

    // --- evidence

    def archiveArtifacts(String artifacts) { archiveArtifacts([artifacts: artifacts]) }

    def archiveArtifacts(Map given) {
        only('archiveArtifacts', given, ['artifacts', 'fingerprint', 'allowEmptyArchive', 'excludes',
                                         'onlyIfSuccessful', 'followSymlinks'], ['artifacts'])
        int files = copy(build.workspace, new File(build.folder, 'archive'), given.artifacts.toString())
        if (files == 0 && !given.allowEmptyArchive) {
            throw new AbortException("No artifacts found that match the file pattern \"${given.artifacts}\"")
        }
    }

    def junit(Map given) {
        only('junit', given, ['testResults', 'allowEmptyResults', 'skipPublishingChecks', 'keepLongStdio',
                              'skipMarkingBuildUnstable', 'checksName'], ['testResults'])
        List<File> files = matching(build.workspace, given.testResults.toString())
        if (files.empty && !given.allowEmptyResults) {
            throw new AbortException('No test report files were found. Configuration error?')
        }
        Map sum = [kind: 'junit', tests: 0, failures: 0]
        files.each { File file ->
            def root = new XmlParser().parse(file)
            sum.tests += root.depthFirst().count { it instanceof Node && it.name() == 'testcase' }
            sum.failures += root.depthFirst().count { it instanceof Node && it.name() in ['failure', 'error'] }
        }
        build.events << sum
        if (sum.failures > 0 && !given.skipMarkingBuildUnstable) {
            build.worsen('UNSTABLE')
        }
        sum
    }

    def publishHTML(Map given) {
        Map target = (Map) (given.target ?: given)
        only('publishHTML', target, ['allowMissing', 'alwaysLinkToLastBuild', 'keepAll', 'reportDir', 'reportFiles',
                                     'reportName', 'reportTitles', 'includes'],
             ['allowMissing', 'alwaysLinkToLastBuild', 'keepAll', 'reportDir', 'reportFiles', 'reportName'])
        File from = new File(build.workspace, target.reportDir.toString())
        if (!new File(from, target.reportFiles.toString()).exists() && !target.allowMissing) {
            throw new AbortException("Specified HTML directory '${from}' does not exist")
        }
        copy(from, new File(build.folder, "html/${target.reportName}"), '**')
    }

    // --- surroundings

    def withEnv(List pairs, Closure body) {
        Map layer = [:]
        pairs.each {
            if (!it.toString().contains('=')) {
                throw new AbortException("withEnv takes NAME=value, not '${it}'")
            }
            layer[it.toString().split('=', 2)[0]] = it.toString().split('=', 2)[1]
        }
        build.inLayer(layer, body)
    }

    def string(Map given) { binding('string', given, ['variable']) }

    def file(Map given) { binding('file', given, ['variable']) }

    def usernamePassword(Map given) {
        binding('usernamePassword', given, ['usernameVariable', 'passwordVariable'])
    }

    def withCredentials(List bindings, Closure body) {
        Map layer = [:]
        bindings.each { Map each ->
            def secret = build.scenario.credentials?.get(each.credentialsId)
            if (secret == null) {
                throw new AbortException("Could not find credentials entry with ID '${each.credentialsId}'")
            }
            switch (each.binding) {
                case 'string':
                    layer[each.variable] = secret
                    build.masks << (String) secret
                    break
                case 'file':
                    File kept = File.createTempFile('secret', '')
                    kept.deleteOnExit()
                    kept.text = secret
                    layer[each.variable] = kept.path
                    build.masks << kept.path << (String) secret
                    break
                default:
                    layer[each.usernameVariable] = secret.username
                    layer[each.passwordVariable] = secret.password
                    build.masks << (String) secret.password
            }
        }
        build.inLayer(layer, body)
    }

    // --- within

    private static Map binding(String kind, Map given, List variables) {
        only(kind, given, ['credentialsId'] + variables, ['credentialsId'] + variables)
        [binding: kind] + given
    }

    private static void only(String step, Map given, List known, List needed) {
        given.keySet().findAll { !(it in known) }.each {
            throw new AbortException("Unknown parameter(s) found for step ${step}: ${it}")
        }
        needed.findAll { given[it] == null }.each {
            throw new AbortException("step ${step} needs ${it}")
        }
    }

    private static List<File> matching(File root, String patterns) {
        List<PathMatcher> matchers = patterns.split(',').collect { it.trim() }.collectMany {
            // Ant's `dir/**` matches at any depth, and `**/x` also `x` itself.
            [it, it.replace('**/', '')].unique().collect { FileSystems.default.getPathMatcher("glob:${it}") }
        }
        List<File> found = []
        root.eachFileRecurse { File file ->
            if (file.file && matchers.any { it.matches(root.toPath().relativize(file.toPath())) }) {
                found << file
            }
        }
        found.sort { it.path }
    }

    private static int copy(File from, File to, String patterns) {
        List<File> files = from.exists() ? matching(from, patterns) : []
        files.each { File file ->
            File target = new File(to, from.toPath().relativize(file.toPath()).toString())
            target.parentFile.mkdirs()
            Files.copy(file.toPath(), target.toPath(), StandardCopyOption.REPLACE_EXISTING,
                       StandardCopyOption.COPY_ATTRIBUTES)
        }
        files.size()
    }
}
