// Rules of CodeNarc for code that Jenkins runs with continuations, and for what is left unused.
ruleset {
    ClassNotSerializable { applyToFileNames = '*.groovy' }
    ClosureInGString { applyToFileNames = '*.groovy' }
    CpsCallFromNonCpsMethod { applyToFileNames = '*.groovy' }
    ExpressionInCpsMethodNotSerializable { applyToFileNames = '*.groovy' }
    ForbiddenCallInCpsMethod { applyToFileNames = '*.groovy' }
    ObjectOverrideOnlyNonCpsMethods { applyToFileNames = '*.groovy' }
    ParameterOrReturnTypeNotSerializable { applyToFileNames = '*.groovy' }
    ruleset('rulesets/unused.xml')
    ruleset('rulesets/imports.xml') { exclude 'MisorderedStaticImports' }
    ruleset('rulesets/basic.xml')
}
