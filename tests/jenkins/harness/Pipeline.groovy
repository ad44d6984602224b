import hudson.AbortException
import org.codehaus.groovy.control.CompilerConfiguration
import org.jenkinsci.plugins.workflow.steps.FlowInterruptedException

/** One build from its Jenkinsfile to its result: loads the library, finds steps and `vars` by name. */
class Pipeline {
    static Pipeline present

    final Build build
    final Steps steps
    private final File library
    private final Map<String, Script> variables = [:]
    private final GroovyShell shell

    Pipeline(Build build, File library) {
        this.build = build
        this.library = library
        steps = new Steps(build)
        CompilerConfiguration configuration = new CompilerConfiguration(scriptBaseClass: 'PipelineScript')
        configuration.classpathList = [new File(library, 'src').path]
        shell = new GroovyShell(getClass().classLoader, new Binding(), configuration)
        present = this
    }

    void run(File jenkinsfile) {
        try {
            Script script = shell.parse(jenkinsfile.text.replaceFirst(/@Library\('[^']+'\) _/, ''), 'Jenkinsfile')
            script.binding = new Binding()
            script.run()
            build.worsen('SUCCESS')
        } catch (FlowInterruptedException interrupted) {
            build.worsen(interrupted.result)
            build.say(interrupted.message)
        } catch (AbortException | AgentLost told) {
            build.worsen('FAILURE')
            build.say("ERROR: ${told.message}")
        }
        build.say("Finished: ${build.currentResult}")
    }

    Object call(String name, Object[] arguments) {
        if (steps.metaClass.respondsTo(steps, name)) {
            build.called(name, arguments)
            return build.nested { steps.metaClass.invokeMethod(steps, name, arguments) }
        }
        Script variable = variableCalled(name)
        if (variable == null) {
            throw new NoSuchMethodError("No such DSL method '${name}' found among steps and library variables")
        }
        if (!variable.getMetaClass().respondsTo(variable, 'call', arguments)) {
            throw new AbortException("${name} is not called with ${Words.brief(arguments)}")
        }
        build.called(name, arguments)
        build.nested { variable.getMetaClass().invokeMethod(variable, 'call', arguments) }
    }

    Object read(String name) {
        switch (name) {
            case 'env': return new Variables(build)
            case 'params': return build.params
            case 'scm': return [kind: 'scm']
            case 'currentBuild': return new CurrentBuild(build)
        }
        Script variable = variableCalled(name)
        if (variable != null) {
            return variable
        }
        if (build.variable(name) != null) {
            return build.variable(name)
        }
        throw new MissingPropertyException("No such property: ${name}")
    }

    private Script variableCalled(String name) {
        File source = new File(library, "vars/${name}.groovy")
        if (!variables.containsKey(name) && source.exists()) {
            variables[name] = shell.parse(source)
            variables[name].binding = new Binding()
        }
        variables[name]
    }
}
