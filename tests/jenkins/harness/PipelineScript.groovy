/** What a Jenkinsfile and each file of `vars` is: names that are not its own are steps or `vars`. */
abstract class PipelineScript extends Script {
    @Override
    Object invokeMethod(String name, Object arguments) {
        Object[] given = arguments instanceof Object[] ? (Object[]) arguments : [arguments] as Object[]
        if (getMetaClass().respondsTo(this, name, given)) {
            return getMetaClass().invokeMethod(this, name, given)
        }
        Pipeline.present.call(name, given)
    }

    @Override
    Object getProperty(String name) {
        if (getBinding().hasVariable(name)) {
            return getBinding().getVariable(name)
        }
        Pipeline.present.read(name)
    }
}
