// The credential of the cloud in casc/: the token of the pod's own service account.
// Says one line, `jbuild-init k8s-credentials ok|skip|fail <why>`, and changes nothing when it is there.
def say = { outcome, why -> println "jbuild-init k8s-credentials ${outcome} ${why}" }
def id = 'k8s-service-account'
def load = { name ->
    try {
        hudson.model.Hudson.instance.pluginManager.uberClassLoader.loadClass(name)
    } catch (Throwable gone) {
        null
    }
}
try {
    def kind = load('org.csanchez.jenkins.plugins.kubernetes.ServiceAccountCredential')
    def provider = load('com.cloudbees.plugins.credentials.SystemCredentialsProvider')
    def scope = load('com.cloudbees.plugins.credentials.CredentialsScope')
    if (!kind || !provider || !scope) {
        say 'skip', 'credentials or kubernetes-credentials is not there'
    } else {
        def held = provider.getMethod('getInstance').invoke(null)
        if (held.credentials.any { it.hasProperty('id') && it.id == id }) {
            say 'skip', "${id} is there"
        } else {
            def made = kind.constructors.find { it.parameterTypes.size() == 3 }
            held.credentials.add(made.newInstance(scope.getField('GLOBAL').get(null), id, 'of the pod'))
            held.save()
            say 'ok', "${id} is added"
        }
    }
} catch (Throwable fault) {
    say 'fail', fault.class.name // its message might hold what must not be printed
}
