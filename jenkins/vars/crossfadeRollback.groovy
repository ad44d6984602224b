/** Goes back to the release before, or to the `release` or version that is named. */
def call(Map config = [:]) {
    crossfade.alone(config) {
        crossfade.there(config) {
            int code = crossfade.run(config, ['rollback'] + (config.release ? [config.release] : []) + crossfade.saying())
            if (code != 0) {
                error("crossfade rollback: ${crossfade.why(code)}")
            }
        }
    }
}
