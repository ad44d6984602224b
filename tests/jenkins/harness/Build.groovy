import hudson.AbortException

/** One build: what it has, what it did, and the world around it that a scenario describes. */
class Build {
    final Map scenario
    final File controller  // What outlives a build: stashes, archives, locks.
    final File folder
    final Map<String, String> env = new LinkedHashMap()  // Of the whole build, as `env.X = …` sets it.
    final List<Map<String, String>> layers = []          // Of `withEnv` and its kin, innermost last.
    final Map params = [:]
    final List<String> tree = []
    final List<String> console = Collections.synchronizedList([])
    final List<Map> events = []
    final Set<String> masks = new LinkedHashSet()
    final List<Agent> agents
    final List<Agent> held = []  // Executors, innermost last.
    final List<String> folders = []
    String result = null
    String description = null
    int depth = 0

    Build(Map scenario, File controller) {
        this.scenario = scenario
        this.controller = controller
        folder = new File(controller, "builds/${scenario.job}-${scenario.number}")
        folder.mkdirs()
        agents = scenario.agents.collect { Agent.from((Map) it) }
        String job = scenario.job
        env.putAll(JENKINS_URL: 'http://jenkins.test/', JOB_NAME: job, BUILD_ID: "${scenario.number}".toString(),
                   BUILD_NUMBER: "${scenario.number}".toString(),
                   BUILD_TAG: "jenkins-${job}-${scenario.number}".toString(),
                   BUILD_URL: "http://jenkins.test/job/${job}/${scenario.number}/".toString())
        (scenario.environment ?: [:]).each { name, value -> env[(String) name] = (String) value }
    }

    String getCurrentResult() {
        result ?: 'SUCCESS'
    }

    /** A result only ever gets worse. */
    void worsen(String to) {
        List order = ['SUCCESS', 'UNSTABLE', 'FAILURE', 'NOT_BUILT', 'ABORTED']
        if (result == null || order.indexOf(to) > order.indexOf(result)) {
            result = to
        }
    }

    void say(Object text) {
        String line = text.toString()
        masks.findAll { line.contains(it) }.each { secret ->
            events << [kind: 'secret_masked', line: line.replace(secret, '****')]
            line = line.replace(secret, '****')
        }
        line.readLines().each { console << it }
        line.readLines().each { println("[${scenario.job} #${scenario.number}] ${it}") }
    }

    /** The call as a line of the tree: names of arguments, and their values where they are short. */
    void called(String step, Object arguments) {
        tree << ('  ' * depth) + step + '(' + Words.brief(arguments) + ')'
    }

    def nested(Closure body) {
        depth++
        try {
            return body()
        } finally {
            depth--
        }
    }

    Agent getAgent() {
        if (held.empty) {
            throw new AbortException('Required context class hudson.FilePath is missing: ' +
                                     'this step needs a node, and there is none here')
        }
        held.last()
    }

    File getWorkspace() {
        File place = agent.workspaceOf((String) scenario.job)
        folders.each { place = new File(place, it) }
        place.mkdirs()
        place
    }

    /** What a process started by `sh` gets: nothing of this harness. */
    Map<String, String> environment() {
        Map<String, String> all = [PATH: agent.path, HOME: agent.home.path, LANG: 'C.UTF-8']
        all.putAll(env)
        all.putAll(agent.environment)
        all.putAll(NODE_NAME: agent.name, EXECUTOR_NUMBER: '0', WORKSPACE: agent.workspaceOf((String) scenario.job).path,
                   JENKINS_NODE_COOKIE: agent.cookie)
        layers.each { all.putAll(it) }
        all
    }

    String variable(String name) {
        for (Map layer in layers.reverse()) {
            if (layer.containsKey(name)) {
                return layer[name]
            }
        }
        if (!held.empty && name == 'NODE_NAME') {
            return agent.name
        }
        if (!held.empty && agent.environment.containsKey(name)) {
            return agent.environment[name]
        }
        env[name]
    }

    void inLayer(Map<String, String> layer, Closure body) {
        layers << layer
        try {
            body()
        } finally {
            layers.remove(layers.size() - 1)
        }
    }
}
