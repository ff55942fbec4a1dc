// The first account, where nobody has said who may log in: ADMIN_USER with ADMIN_PASSWORD.
// Says one line, `jbuild-init users ok|skip|fail <why>`; never touches a realm
// that is set, nor the password of an account that is there. Each of the two is a variable, or a
// file of that name where CasC looks for secrets.
def say = { outcome, why -> println "jbuild-init users ${outcome} ${why}" }
def given = { name ->
    def file = new File(System.getenv('SECRETS') ?: '/run/secrets', name)
    System.getenv(name) ?: (file.canRead() ? file.text.trim() : null)
}
try {
    def controller = hudson.model.Hudson.instance
    def user = given('ADMIN_USER')
    def password = given('ADMIN_PASSWORD')
    if (!user || !password) {
        say 'skip', 'ADMIN_USER or ADMIN_PASSWORD is not set'
    } else if (controller.useSecurity) {
        say 'skip', "the realm is ${controller.securityRealm.class.simpleName}"
    } else {
        def load = controller.pluginManager.uberClassLoader.&loadClass
        def realm = load('hudson.security.HudsonPrivateSecurityRealm').newInstance(false)
        def account = load('hudson.security.HudsonPrivateSecurityRealm$Details')
        if (!hudson.model.User.get(user, false)?.getProperty(account)) {
            realm.createAccount(user, password)
        }
        controller.securityRealm = realm
        controller.save()
        say 'ok', "${user} may log in"
    }
} catch (Throwable fault) {
    say 'fail', fault.class.name // its message might hold what must not be printed
}
