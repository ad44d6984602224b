import org.crossfade.Answer

/** Plans the release of what `crossfadePublish` kept, shows the plan and keeps it with its digest. */
def call(Map config = [:]) {
    crossfade.there(config) {
        unstash('crossfade-release')
        List words = ['plan', '--out', '.crossfade-plan.json']
        if (config.strategy) {
            words += ['--strategy', config.strategy]
        }
        Map answer = crossfade.ask(config, words)
        stash(name: 'crossfade-plan', includes: '.crossfade-plan.json')
        env.CROSSFADE_PLAN_DIGEST = answer.digest
        env.CROSSFADE_PLAN = Answer.title(answer.plan)
        env.CROSSFADE_PLAN_TEXT = answer.text
        env.CROSSFADE_STRATEGY = answer.plan.strategy
        env.CROSSFADE_APPLICATION = answer.plan.application
        currentBuild.description = env.CROSSFADE_PLAN
        echo(answer.text)
    }
    return env.CROSSFADE_PLAN_DIGEST
}
