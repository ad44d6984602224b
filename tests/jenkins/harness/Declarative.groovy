import hudson.AbortException
import org.jenkinsci.plugins.workflow.steps.FlowInterruptedException

/** The second pass: carries out what the sections say, in Jenkins' order, and its `post` at the end. */
class Declarative {
    private static final List TOP = ['agent', 'options', 'environment', 'parameters', 'stages', 'post', 'triggers']
    private static final List STAGE = ['agent', 'environment', 'when', 'input', 'steps', 'stages', 'parallel',
                                       'options', 'post']
    private static final List OPTIONS = ['disableConcurrentBuilds', 'timeout', 'timestamps', 'buildDiscarder',
                                         'skipDefaultCheckout', 'retry', 'preserveStashes']
    private static final List POST = ['always', 'aborted', 'failure', 'success', 'unstable', 'unsuccessful', 'cleanup']

    private final Build build

    Declarative(Build build) {
        this.build = build
    }

    void run(Closure body) {
        Section top = Section.read('pipeline', TOP, body)
        ['agent', 'stages'].findAll { top.first(it) == null }.each {
            throw new AbortException("Missing required section '${it}'")
        }
        if (top.first('options')) {
            Section.read('options', OPTIONS, (Closure) top.first('options'))
        }
        parameters(top)
        List<Section> stages = stagesOf((Closure) top.first('stages'))
        whole('pipeline', top) { inOrder(stages) }
    }

    private List<Section> stagesOf(Closure body) {
        Section.read('stages', ['stage'], body).all().collect { Map word ->
            Section section = Section.read("stage ${word.given[0]}", STAGE, (Closure) word.given[1])
            if (!section.first('steps') && !section.first('stages') && !section.first('parallel')) {
                throw new AbortException("Stage '${word.given[0]}' has neither steps nor stages")
            }
            section.all() << [word: 'name', given: [word.given[0]]]
            section
        }
    }

    private void parameters(Section top) {
        Closure body = (Closure) top.first('parameters')
        if (!body) {
            return
        }
        Section.read('parameters', ['string', 'choice', 'booleanParam'], body).all().each { Map word ->
            Map given = (Map) word.given[0]
            def standard = word.word == 'choice' ? given.choices[0] : given.defaultValue
            build.params[given.name] = build.scenario.parameters?.containsKey(given.name) ?
                build.scenario.parameters[given.name] : standard
        }
    }

    private void inOrder(List<Section> stages) {
        stages.each { stage(it) }
    }

    private void stage(Section section) {
        String name = section.first('name')
        build.called('stage', [name] as Object[])
        build.nested {
            if (section.first('input')) {
                ask((Closure) section.first('input'))
            }
            whole(name, section) {
                if (!section.first('when') || holds((Closure) section.first('when'))) {
                    carryOut(section)
                } else {
                    build.say("Stage \"${name}\" skipped due to when conditional")
                }
            }
        }
    }

    private void carryOut(Section section) {
        if (section.first('steps')) {
            Section.run((Closure) section.first('steps'))
        } else {
            // One after the other: branches share nothing here that would show a difference.
            inOrder(stagesOf((Closure) (section.first('stages') ?: section.first('parallel'))))
        }
    }

    // Agent and variables around `body`, `post` after it, also when it fails.
    private void whole(String name, Section section, Closure body) {
        Throwable failure = null
        inAgent(section) {
            build.inLayer(variables(section)) {
                try {
                    body()
                } catch (FlowInterruptedException | AbortException | AgentLost thrown) {
                    failure = thrown
                    build.worsen(thrown instanceof FlowInterruptedException ? thrown.result : 'FAILURE')
                    build.say("${name}: ${thrown.message}")
                }
                failure = after(section) ?: failure
            }
        }
        if (failure) {
            throw failure
        }
    }

    private void inAgent(Section section, Closure body) {
        def wanted = section.first('agent')
        if (wanted == null || wanted == 'none') {
            body()
            return
        }
        String label = wanted == 'any' ? null :
            Section.read('agent', ['label', 'retries'], (Closure) wanted).first('label')
        build.called('node', [label] as Object[])
        Steps steps = Pipeline.present.steps
        steps.node(label) {
            steps.checkout([:])
            body()
        }
    }

    private static Map variables(Section section) {
        Closure body = (Closure) section.first('environment')
        Map layer = [:]
        if (body) {
            Section.read('environment', [], body).all().each { layer[it.word] = it.given[0].toString() }
        }
        layer
    }

    private Throwable after(Section section) {
        Closure body = (Closure) section.first('post')
        Throwable failure = null
        if (!body) {
            return null
        }
        List<Map> words = Section.read('post', POST, body).all()
        POST.each { condition ->
            words.findAll { it.word == condition && applies(condition) }.each { Map word ->
                build.called("post ${condition}", [] as Object[])
                try {
                    build.nested { Section.run((Closure) word.given[0]) }
                } catch (FlowInterruptedException | AbortException | AgentLost thrown) {
                    build.worsen('FAILURE')
                    build.say("Error in post ${condition}: ${thrown.message}")
                    failure = thrown
                }
            }
        }
        failure
    }

    private boolean applies(String condition) {
        switch (condition) {
            case ['always', 'cleanup']: return true
            case 'unsuccessful': return build.currentResult != 'SUCCESS'
            default: return build.currentResult == condition.toUpperCase()
        }
    }

    private void ask(Closure body) {
        Map given = [:]
        Section.read('input', ['message', 'id', 'ok', 'submitter', 'submitterParameter'], body).all().each {
            given[it.word] = it.given[0]
        }
        Pipeline.present.steps.input(given)
    }

    private boolean holds(Closure body) {
        Section.read('when', ['branch', 'expression', 'environment', 'beforeAgent', 'beforeInput'], body).all().every {
            switch (it.word) {
                case 'branch': return build.variable('BRANCH_NAME') == it.given[0]
                case 'expression': return Section.run((Closure) it.given[0])
                case 'environment': return build.variable((String) it.given[0].name) == it.given[0].value
                default: return true
            }
        }
    }
}
