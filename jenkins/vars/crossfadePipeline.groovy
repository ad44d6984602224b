/**
 * The whole way of a release, from sources to users: builds and tests, publishes, plans, asks,
 * releases, and looks after what was interrupted.
 *
 *     crossfadePipeline(agent: 'chat-host', state: '/var/lib/crossfade/chat',
 *                       build: 'make dist', test: 'make check', files: 'crossfade.yaml,dist/**',
 *                       submitter: 'release-team')
 */
def call(Map config) {
    for (String name in ['build', 'files']) {
        if (!config[name]) {
            error("crossfadePipeline: `${name}` is missing")
        }
    }
    try {
        stage('Build') {
            node(config.builder ?: 'build') {
                checkout(scm)
                sh(label: 'build', script: config.build)
                if (config.test) {
                    sh(label: 'test', script: config.test)
                }
                crossfadePublish((String) config.files)
            }
        }
        stage('Plan') {
            crossfadePlan(config)
        }
        stage('Approve') {
            if (asksFor(config)) {
                crossfadeApprove(config)
                // What an older build still waits for is out of date once this one goes on.
                milestone()
            } else {
                echo('No consent is asked for.')
            }
        }
        stage('Release') {
            crossfadeDeploy(config)
        }
    } catch (failure) {
        lookAfter(config, failure)
        throw failure
    } finally {
        crossfadeReport(config)
    }
}

// `approve`: true (the default), false, or the strategies that a person is asked about.
private boolean asksFor(Map config) {
    if (config.approve instanceof List) {
        return env.CROSSFADE_STRATEGY in config.approve
    }
    return config.approve != false
}

// Recovering may fail, too; the build then tells both.
private void lookAfter(Map config, failure) {
    // A scripted pipeline has no result yet while it fails.
    boolean aborted = failure instanceof org.jenkinsci.plugins.workflow.steps.FlowInterruptedException
    try {
        crossfadeRecover(config + [how: config.onFailure ?: (aborted ? 'stay' : 'on')])
    } catch (second) {
        echo("crossfadeRecover: ${second.message}")
    }
}
