import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

const casts = {
  selector: 'TSAsExpression > TSAsExpression > TSUnknownKeyword',
  message: 'A cast through unknown hides a lie: there is one issuer, and one such cast, in the whole of src.',
};
const flags = {
  selector:
    ':matches(ExportNamedDeclaration > FunctionDeclaration, MethodDefinition > FunctionExpression, TSMethodSignature) > Identifier.params > TSTypeAnnotation > TSBooleanKeyword',
  message: 'No boolean parameters: name the two cases.',
};

// The shell asks the machine named questions, and decides nothing by its states.
const QUESTION = 'The shell decides nothing: ask the machine a named question, or have it decide.';
const readsMachine = [
  `MemberExpression > MemberExpression.object[property.name='machine']`,
  `MemberExpression > Identifier.object[name='machine']`,
  `VariableDeclarator[id.type='ObjectPattern'][init.property.name='machine']`,
  `VariableDeclarator[id.type='ObjectPattern'][init.name='machine']`,
].map((selector) => ({ selector, message: QUESTION }));
/** A question that is written down on the spot reads whatever it likes. */
const asksByName = {
  meta: { type: 'problem', schema: [], messages: { byName: QUESTION } },
  create: (context) => ({
    CallExpression(node) {
      const { callee } = node;
      if (callee.type !== 'MemberExpression' || callee.property.name !== 'ask') return;
      const [question] = node.arguments;
      const scopes = [];
      for (let scope = context.sourceCode.getScope(node); scope; scope = scope.upper) scopes.push(scope);
      const variable = scopes.map(({ set }) => set.get(question?.name)).find(Boolean);
      const [definition] = variable?.defs ?? [];
      const isNamed =
        question?.type === 'Identifier' &&
        definition?.type === 'ImportBinding' &&
        definition.parent.source.value.endsWith('/machine/index.js');
      if (!isNamed) context.report({ node, messageId: 'byName' });
    },
  }),
};
const tables = ['dimensions', 'lives', 'machines', 'deadlines', 'shutFor', 'anyone', 'next'];

const skipped = {
  selector: 'MemberExpression[object.name=/^(it|test|describe)$/][property.name=/^(only|skip|todo|fails)$/]',
  message: 'A test runs, or is not there.',
};

export default defineConfig(
  globalIgnores([
    ...['dist', 'coverage', 'test-d', '**/*.js'],
    ...['test/types/contract-use.ts', 'test/bypasses/cases', 'test/diagnostics/mistakes'],
    ...['test/consumers/programs', 'test/consumers/installed', 'test/runtimes/installed'],
  ]),
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      eqeqeq: 'error',
      'no-console': 'error',
      'no-restricted-syntax': ['error', casts, flags],
      'max-depth': ['error', 3],
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'separate-type-imports' }],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      // Plain JavaScript calls us too: what the types rule out is still checked at run time.
      '@typescript-eslint/no-unnecessary-condition': 'off',
      // Interfaces are written with methods and kept by closures, which have no `this` to lose.
      '@typescript-eslint/unbound-method': 'off',
      // A number in a template reads well and means what it says.
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowNullish: false }],
      // A row of a dispatch reads `return startSpeaking(state)`, whether or not there is anything to return.
      '@typescript-eslint/no-confusing-void-expression': [
        'error',
        { ignoreArrowShorthand: true, ignoreVoidReturningFunctions: true },
      ],
      '@typescript-eslint/no-empty-object-type': ['error', { allowInterfaces: 'with-single-extends' }],
      '@typescript-eslint/consistent-indexed-object-style': 'off',
      // A map of states to transitions is read as a table: `type` aliases stand beside interfaces on purpose.
      '@typescript-eslint/consistent-type-definitions': 'off',
      // A type parameter used once is how `<const Name>` is inferred.
      '@typescript-eslint/no-unnecessary-type-parameters': 'off',
      // `RealtimeServerEvent | { type: string }` says what is known and that the rest may come.
      '@typescript-eslint/no-redundant-type-constituents': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
    },
  },
  {
    files: ['src/session/**'],
    plugins: { house: { rules: { 'asks-by-name': asksByName } } },
    rules: {
      'house/asks-by-name': 'error',
      'no-restricted-syntax': ['error', casts, flags, ...readsMachine],
      '@typescript-eslint/no-restricted-imports': [
        'error',
        {
          paths: [{ name: '../machine/index.js', importNames: tables, message: QUESTION }],
          patterns: [{ regex: '/machine/(?!index\\.js$)', message: QUESTION }],
        },
      ],
    },
  },
  {
    files: [
      'src/cli/**',
      'examples/**',
      'test/bench/**',
      'test/live/**',
      'test/tools/**',
      'test/consumers/run.ts',
      'test/runtimes/run.ts',
    ],
    rules: { 'no-console': 'off' },
  },
  {
    // A test builds what the types forbid, and asks for what cannot be there.
    files: ['test/**', 'examples/**', '*.config.ts'],
    rules: {
      'no-restricted-syntax': ['error', skipped],
      'max-depth': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/no-explicit-any': 'off',
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/no-empty-function': 'off',
      '@typescript-eslint/no-confusing-void-expression': 'off',
      '@typescript-eslint/no-meaningless-void-operator': 'off',
    },
  },
);
