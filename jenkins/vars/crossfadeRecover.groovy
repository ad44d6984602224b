/**
 * Looks after a release whose build did not end well. Without `how`, an aborted build leaves the
 * release at its last verified weight and tells how to go on; after any other loss it is carried on
 * with. `how`: 'on', 'back' or 'stay'.
 */
def call(Map config = [:]) {
    String order = config.order ?: env.CROSSFADE_ORDER
    if (!order) {
        echo('crossfadeRecover: this build began no release')
        return
    }
    // An exit code says that the release came to an end, save 75, which says that it did not.
    if (!config.order && env.CROSSFADE_EXIT && env.CROSSFADE_EXIT != '75') {
        return
    }
    String how = config.how ?: (currentBuild.currentResult == 'ABORTED' ? 'stay' : 'on')
    if (!(how in ['on', 'back', 'stay'])) {
        error("crossfadeRecover: how is 'on', 'back' or 'stay', not '${how}'")
    }
    crossfade.there(config) {
        if (how == 'stay') {
            crossfade.run(config, ['status'])
            currentBuild.description = "${env.CROSSFADE_PLAN}: stays; recover ${order}"
            echo("The release stays at its last verified weight. `crossfade recover ${order}` goes on with it, " +
                 "`crossfade recover ${order} --back` takes it back.")
            return
        }
        int code = crossfade.run(config, ['recover', order] + (how == 'back' ? ['--back'] : []) + crossfade.saying())
        if (code != 0) {
            error("crossfade recover: ${crossfade.why(code)}")
        }
    }
}
