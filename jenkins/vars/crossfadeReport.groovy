/**
 * Publishes what became of this build's release: a page, test results, and the files of both. Call
 * it in `post { cleanup { … } }`; a build that began no release has nothing to publish.
 */
def call(Map config = [:]) {
    String order = config.order ?: env.CROSSFADE_ORDER
    // 2, 4 and 7 mean that nothing was begun.
    if (!order || (!config.order && env.CROSSFADE_EXIT in ['2', '4', '7'])) {
        echo('crossfadeReport: this build began no release')
        return
    }
    crossfade.there(config) {
        int code = crossfade.run(config, ['report', order, '--out', 'crossfade-report'] + crossfade.saying())
        if (code != 0) {
            // The build says what became of the release; that there is no report is no news beside it.
            echo("crossfade report: ${crossfade.why(code)}")
            return
        }
        archiveArtifacts(artifacts: 'crossfade-report/**')
        publishHTML(target: [reportName: 'Release', reportDir: 'crossfade-report', reportFiles: 'index.html',
                             keepAll: true, alwaysLinkToLastBuild: true, allowMissing: false])
        // The release's own failure fails the build; its checks are to be read, not to count twice.
        junit(testResults: 'crossfade-report/junit.xml', skipMarkingBuildUnstable: true)
    }
}
