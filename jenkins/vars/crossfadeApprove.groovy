/**
 * Asks a person to consent to the plan that was made, by its digest. Holds no executor: call it
 * outside of any `node`, in a stage without an agent.
 */
def call(Map config = [:]) {
    String digest = env.CROSSFADE_PLAN_DIGEST
    if (!digest) {
        error('crossfadeApprove: there is no plan to consent to: call crossfadePlan first')
    }
    timeout(time: config.hours ?: 24, unit: 'HOURS') {
        env.CROSSFADE_APPROVED_BY = input(
            id: "Crossfade${digest.take(12)}",
            message: "Release ${env.CROSSFADE_PLAN}?\n\n${env.CROSSFADE_PLAN_TEXT}\nPlan digest ${digest}",
            ok: 'Release',
            submitter: config.submitter ?: '',
            submitterParameter: 'CROSSFADE_APPROVED_BY')
    }
    env.CROSSFADE_APPROVED_DIGEST = digest
    echo("${env.CROSSFADE_APPROVED_BY} consents to plan ${digest}")
}
