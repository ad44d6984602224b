// Runs one build and writes what became of it: groovy -cp HARNESS run.groovy SCENARIO RESULT
import groovy.json.JsonOutput
import groovy.json.JsonSlurperClassic

Map scenario = (Map) new JsonSlurperClassic().parse(new File(args[0]))
Build build = new Build(scenario, new File((String) scenario.controller))
new Pipeline(build, new File((String) scenario.library)).run(new File((String) scenario.jenkinsfile))
new File(args[1]).text = JsonOutput.toJson([
    result: build.currentResult, description: build.description, console: build.console, tree: build.tree,
    events: build.events, variables: build.env, folder: build.folder.path])
System.exit(0)
