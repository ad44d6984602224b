// What the other steps share: where the binary runs, with what, and what came of it.
import org.crossfade.Answer

/**
 * Runs `body` on the application's agent, on an executor of its own, and again on another agent of
 * that label when the agent is lost: `deploy --order` and `recover` find what was begun.
 */
void there(Map config, Closure body) {
    retry(count: 3, conditions: [agent(), nonresumable()]) {
        node(config.agent ?: env.CROSSFADE_AGENT ?: 'crossfade') {
            withCredentials((config.credentials ?: []) + awsToken(config)) {
                withEnv(awsRole(config)) {
                    body()
                }
            }
        }
    }
}

/** One build at a time changes an application. Crossfade's own lease holds beyond this Jenkins. */
void alone(Map config, Closure body) {
    if (config.lock == false) {
        body()
        return
    }
    lock(resource: config.lock ?: "crossfade-${env.CROSSFADE_APPLICATION ?: env.JOB_NAME}") {
        body()
    }
}

/**
 * Runs the binary and gives its exit code. It replaces the shell (`exec`): after an abort Jenkins
 * then waits for the release to come to rest, not for a shell that is gone.
 */
int run(Map config, List words) {
    return sh(label: "crossfade ${words[0]}", returnStatus: true, script: command(config, words)) as int
}

/** The same for what it prints as JSON. */
Map ask(Map config, List words) {
    return Answer.parse(sh(label: "crossfade ${words[0]}", returnStdout: true,
                           script: command(config, words + ['--output', 'json'])))
}

/** Words that let `why` tell what went wrong. */
List saying() {
    return ['--diagnostics', '.crossfade-findings.json']
}

String why(int code) {
    String said = fileExists('.crossfade-findings.json') ? readFile('.crossfade-findings.json') : ''
    return Answer.sentence(code, said)
}

private String command(Map config, List words) {
    List all = [config.binary ?: env.CROSSFADE_BINARY ?: 'crossfade'] + words
    String state = config.state ?: env.CROSSFADE_STATE
    String spec = config.spec ?: env.CROSSFADE_SPEC
    if (state) {
        all += ['--state', state]
    }
    if (spec) {
        all += ['--spec', spec]
    }
    return 'exec ' + Answer.line(all)
}

// Credentials of AWS come from Jenkins' own identity: a token that it signs for this build, taken
// for a role. No key is stored. Needs the plugin oidc-provider.
private List awsToken(Map config) {
    return config.aws ? [file(credentialsId: config.aws.token, variable: 'AWS_WEB_IDENTITY_TOKEN_FILE')] : []
}

private List awsRole(Map config) {
    if (!config.aws) {
        return []
    }
    return ["AWS_ROLE_ARN=${config.aws.role}", "AWS_REGION=${config.aws.region}",
            "AWS_ROLE_SESSION_NAME=${env.BUILD_TAG.replaceAll('[^A-Za-z0-9_=,.@-]', '-').take(64)}"]
}
