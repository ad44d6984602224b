/**
 * Carries out exactly the plan that was consented to, and fails the build unless the release
 * serves. A lost agent is replaced: the order, which is the build's tag, finds the release again.
 */
def call(Map config = [:]) {
    String digest = env.CROSSFADE_APPROVED_DIGEST ?: env.CROSSFADE_PLAN_DIGEST
    if (!digest) {
        error('crossfadeDeploy: there is no plan to carry out: call crossfadePlan first')
    }
    String order = config.order ?: env.BUILD_TAG
    crossfade.alone(config) {
        env.CROSSFADE_ORDER = order
        crossfade.there(config) {
            unstash('crossfade-release')
            unstash('crossfade-plan')
            int code = crossfade.run(config, ['deploy', '--plan', '.crossfade-plan.json', '--plan-digest',
                                              digest, '--order', order] + crossfade.saying())
            env.CROSSFADE_EXIT = "${code}"
            currentBuild.description = "${env.CROSSFADE_PLAN}: exit ${code}"
            if (code != 0) {
                error("crossfade deploy: ${crossfade.why(code)}")
            }
        }
    }
}
