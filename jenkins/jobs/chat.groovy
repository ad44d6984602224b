// Job DSL: the job that releases the application, and the one that recovers a release that was left.
pipelineJob('chat') {
    description('Releases the chat. What it runs is jenkins/Jenkinsfile of the application.')
    definition {
        cpsScm {
            scm {
                git {
                    remote { url('https://git.example.com/chat.git') }
                    branch('main')
                }
            }
            scriptPath('Jenkinsfile')
        }
    }
}

pipelineJob('chat-recover') {
    description('Goes on with, or takes back, a release whose build was aborted or lost.')
    definition {
        cps {
            script(readFileFromWorkspace('jenkins/examples/recover.Jenkinsfile'))
            sandbox(true)
        }
    }
}
