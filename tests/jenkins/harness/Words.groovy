/** Arguments of steps in one short line, the same in every run. */
class Words {
    static String brief(Object value) {
        if (value instanceof Object[]) {
            return (value as List).findAll { !(it instanceof Closure) }.collect { brief(it) }.join(', ')
        }
        if (value instanceof Map) {
            return value.collect { name, each -> "${name}: ${brief(each)}" }.join(', ')
        }
        if (value instanceof Collection) {
            return '[' + value.collect { brief(it) }.join(', ') + ']'
        }
        String text = "${value}".toString().replaceAll(/\s+/, ' ').trim()
        text = text.replaceAll(/[0-9a-f]{64}/, 'DIGEST').replaceAll(/Crossfade[0-9a-f]{12}/, 'CrossfadeDIGEST')
        text = text.replaceAll(/(\/tmp\/|\/var\/tmp\/)[^ ']*/, 'PATH')
        text.size() > 160 ? text.take(157) + '...' : text
    }
}
