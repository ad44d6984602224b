import java.nio.file.Files

/** A machine that runs steps, as far as this one plays it: a folder, labels, a cookie of its own. */
class Agent {
    String name
    List<String> labels
    File home
    String path
    Map<String, String> environment
    int executors
    int busy = 0
    boolean online = true
    String cookie

    static Agent from(Map described) {
        Agent agent = new Agent(name: described.name, labels: (List<String>) described.labels,
                                home: new File((String) described.home), path: described.path,
                                environment: (Map) (described.environment ?: [:]),
                                executors: (described.executors ?: 1) as int)
        agent.home.mkdirs()
        agent
    }

    File workspaceOf(String job) {
        File place = new File(home, "workspace/${job}")
        Files.createDirectories(place.toPath())
        place
    }

    boolean offers(String label) {
        online && busy < executors && (label == null || label == name || label in labels)
    }

    /** A block begins: its processes are known by the cookie. */
    void take() {
        busy++
        cookie = UUID.randomUUID().toString()
    }

    /** A block ends: Jenkins ends what bears its cookie and was left behind. */
    void give() {
        busy--
        if (online) {
            Processes.withVariable('JENKINS_NODE_COOKIE', cookie).each { Processes.terminate(it) }
        }
    }
}
