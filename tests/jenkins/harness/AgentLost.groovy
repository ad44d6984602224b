/** The connection to an agent is gone; `retry(conditions: [agent()])` may run the block elsewhere. */
class AgentLost extends RuntimeException {
    AgentLost(String agent) {
        super("${agent} was marked offline: its connection was lost")
    }
}
