using System.Text;
using IlgpuDistance.Cli.Sweeps;
using IlgpuDistance.Cli.Verbs;
using IlgpuDistance.Gpu.Errors;
using IlgpuDistance.Training.Experiments;
using IlgpuDistance.Training.Files;
using IlgpuDistance.Training.Models;
using IlgpuDistance.Training.Words;

namespace IlgpuDistance.Cli.Configuration;

/// <summary>
/// A file that says what a command line says: keys are the names of options, and the table <c>vary</c> has the values of those
/// that are varied.
/// </summary>
internal sealed class ConfigFile
{
    /// <summary>The key of the table of what is varied, and of the file itself.</summary>
    public const string VaryKey = "vary", ConfigKey = "config";

    /// <summary>What is about a process that trains a part of the experiment, and not about the experiment.</summary>
    internal static IReadOnlyList<string> OfOneProcess { get; } = ["shard", "sbatch", "tasks"];

    private const int MostBytes = 1 << 20;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly List<(VerbOption Option, string Word, ConfigPlace Place)> _options = [];
    private readonly List<(Variation Variation, ConfigPlace Place)> _variations = [];

    private ConfigFile(VerbDescription verb, ConfigValue root)
    {
        foreach (ConfigEntry entry in root.Entries)
        {
            if (entry.Key == VaryKey)
                TakeVariations(entry);
            else if (entry.Key != "$schema")
                TakeOption(verb, entry);
        }
    }

    /// <summary>The options of a verb that can stand in a file, but what is varied.</summary>
    public static IEnumerable<VerbOption> OptionsOf(VerbDescription verb) =>
        verb.Options.Where(option => option.Key is not (VaryKey or ConfigKey or SchemaKey) && !OfOneProcess.Contains(option.Key));

    /// <summary>The option that prints what a file can have.</summary>
    public const string SchemaKey = "schema";

    /// <summary>The JSON or TOML of a file, as its name says.</summary>
    /// <exception cref="InputException">It cannot be read, or is neither.</exception>
    public static ConfigValue Read(string path)
    {
        bool isToml = path.EndsWith(".toml", StringComparison.OrdinalIgnoreCase);
        if (!isToml && !path.EndsWith(".json", StringComparison.OrdinalIgnoreCase))
            throw new InputException($"{path}: expected a file whose name ends with .toml or .json");
        if (Directory.Exists(path))
            throw new InputException($"{path}: is a folder; name a file");
        if (InputFile.IsPiped(path))
            throw new InputException($"{path}: is a pipe or a device; name a file");
        ConfigValue root;
        try
        {
            var file = new FileInfo(path);
            if (file.Exists && file.Length > MostBytes)
                throw new InputException($"{path}: has {file.Length:N0} bytes; expected options, in {MostBytes:N0} at most");
            string text = Strict.GetString(File.ReadAllBytes(path)).TrimStart('\uFEFF');
            root = isToml ? TomlConfig.Parse(path, text) : JsonConfig.Parse(path, text);
        }
        catch (DecoderFallbackException error)
        {
            throw new InputException($"{path}: its text is not UTF-8", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InputException(
                File.Exists(path) ? $"{path}: cannot be read: {error.Message}" : $"{path}: there is no such file", error);
        }
        return root.Kind == ConfigKind.Table
            ? root
            : throw new InputException($"{root.Place}: is {root.InWords}; expected the options of an experiment by name");
    }

    /// <summary>The options in a file.</summary>
    /// <param name="verb">The verb that has them.</param>
    /// <param name="root">What <see cref="Read"/> has read.</param>
    /// <exception cref="InputException">A key is no option, or a value none of it; the message says where.</exception>
    public static ConfigFile Of(VerbDescription verb, ConfigValue root) => new(verb, root);

    /// <summary>What the file adds to a command line, which comes first where both give something.</summary>
    /// <param name="given">The verb as the command line has it.</param>
    public IEnumerable<string> WordsBeside(Verb given) => _options.Where(option => !IsOverridden(given, option.Option.Key))
        .Select(option => option.Word);

    /// <summary>What the file varies and the command line neither gives nor varies.</summary>
    /// <param name="given">The verb as the command line has it.</param>
    public IEnumerable<Variation> VariationsBeside(Verb given) => _variations.Select(pair => pair.Variation)
        .Where(variation => !IsOverridden(given, variation.Option.Key));

    /// <summary>An error about something in the file with its place; others as they are.</summary>
    /// <param name="error">The error.</param>
    /// <param name="given">The verb as the command line has it.</param>
    public InputException WithPlace(InputException error, Verb given)
    {
        string text = Terminal.InWords(error.Wording);
        var places = _options.Where(option => !IsOverridden(given, option.Option.Key))
            .Select(option => (option.Option.Name, option.Place))
            .Concat(_variations.Select(pair => (pair.Variation.Option.Name, pair.Place)));
        foreach (var (name, place) in places)
        {
            bool isAbout = text.StartsWith($"{name} ", StringComparison.Ordinal)
                || text.StartsWith("the variant ", StringComparison.Ordinal)
                    && text.Contains($": {name} ", StringComparison.Ordinal);
            if (isAbout)
                return new InputException($"{place}: {error.Wording}", error);
        }
        return error;
    }

    /// <summary>
    /// Whether the command line gives an option, varies it, or says in another way which models there are, or how many runs and
    /// epochs.
    /// </summary>
    private static bool IsOverridden(Verb given, string key)
    {
        bool IsGiven(string option) => given.IsGiven($"--{option}")
            || given.Arguments.Any(word => word.StartsWith($"--{VaryKey}={option}=", StringComparison.Ordinal));
        return key switch
        {
            "model" or "models" or "experiment" => IsGiven("model") || IsGiven("models") || IsGiven("experiment"),
            // A size of the command line is both.
            "runs" or "epochs" => IsGiven(key) || IsGiven("preset"),
            _ => IsGiven(key),
        };
    }

    private void TakeOption(VerbDescription verb, ConfigEntry entry)
    {
        VerbOption[] known = [.. OptionsOf(verb)];
        VerbOption option = known.FirstOrDefault(option => option.Key == entry.Key)
            ?? throw Unknown(entry, [.. known.Select(option => option.Key), VaryKey]);
        ConfigValue value = entry.Value;
        bool isList = option.Key == "models" && value.Kind == ConfigKind.List;
        ConfigValue[] texts = isList ? [.. value.Items] : [value];
        foreach (ConfigValue text in texts)
        {
            if (!KindsOf(option).Contains(text.Kind))
            {
                throw new InputException(
                    $"{text.Place}: {option.Key} is {VisibleText.OneLine(text.InWords)}; expected {Expected(option)}");
            }
        }
        if (texts.Length == 0)
            throw new InputException($"{value.Place}: {option.Key} has no values; expected at least one");
        string all = string.Join(", ", texts.Select(text => text.Text));
        if (option.IsFlag && all == "false")
            return;
        string word = option.IsFlag ? option.Name : $"{option.Name}={all}";
        Checked(value.Place, () =>
        {
            _ = ArgumentCheck.Check(verb, [word]);
            if (option.Key == "models")
            {
                foreach (string model in ModelList.Split(all))
                    PaperModels.Check(model);
            }
            return true;
        });
        _options.Add((option, word, value.Place));
    }

    private void TakeVariations(ConfigEntry vary)
    {
        if (vary.Value.Kind != ConfigKind.Table)
        {
            throw new InputException(
                $"{vary.Value.Place}: {VaryKey} is {VisibleText.OneLine(vary.Value.InWords)}; expected a table of options with " +
                "their values, e.g. lr = [0.001, 0.01]");
        }
        foreach (ConfigEntry entry in vary.Value.Entries)
        {
            VerbOption option = Checked(entry.Place, () => Variation.Find(entry.Key));
            ConfigValue[] values = entry.Value.Kind == ConfigKind.List ? [.. entry.Value.Items] : [entry.Value];
            foreach (ConfigValue value in values)
            {
                if (value.Kind is ConfigKind.List or ConfigKind.Table or ConfigKind.Other)
                {
                    throw new InputException(
                        $"{value.Place}: {option.Key} is {VisibleText.OneLine(value.InWords)}; expected a value or a list of " +
                        "values");
                }
            }
            if (values.Length == 0)
                throw new InputException($"{entry.Value.Place}: {option.Key} has no values; expected at least one");
            // In a list commas divide nothing more.
            var variation = new Variation(option, Checked(entry.Value.Place, () => entry.Value.Kind == ConfigKind.List
                ? VariedValues.Expand(values.Select(value => value.Text))
                : VariedValues.Parse(values[0].Text)));
            foreach (string value in variation.Values)
                Checked(entry.Value.Place, () => variation.Check(value));
            _variations.Add((variation, entry.Value.Place));
        }
    }

    /// <summary>What a value of an option is in a file.</summary>
    internal static IReadOnlyList<ConfigKind> KindsOf(VerbOption option) =>
        option.IsFlag ? [ConfigKind.Flag]
        : option.Type == typeof(int) || option.Type == typeof(long) ? [ConfigKind.Integer]
        : option.Type == typeof(float) ? [ConfigKind.Number, ConfigKind.Integer]
        : option.Placeholder.EndsWith("|N", StringComparison.Ordinal) ? [ConfigKind.Text, ConfigKind.Integer]
        : [ConfigKind.Text];

    private static string Expected(VerbOption option) =>
        option.IsFlag ? "true or false"
        : option.Type == typeof(int) || option.Type == typeof(long) ? "a whole number"
        : option.Type == typeof(float) ? "a number"
        : option.Choices.Count > 0 ? $"text: {ValueCheck.ListOf(option.Choices)}"
        : KindsOf(option).Count > 1 ? $"text or a whole number: {option.Placeholder}"
        : option.Key == "models" ? "text, or a list of texts" : "text";

    private static InputException Unknown(ConfigEntry entry, string[] known)
    {
        string[] names = [.. known.Select(key => $"--{key}")];
        string? nearest = (Synonyms.OptionFor($"--{entry.Key}", names) ?? Spelling.Nearest(entry.Key, names))?.Replace(
            "--", "", StringComparison.Ordinal);
        return new InputException(
            $"{entry.Place}: there is no option \"{VisibleText.OneLine(entry.Key)}\"; " +
            (nearest is null ? $"expected {ValueCheck.ListOf(known)}" : $"did you mean {nearest}?"));
    }

    /// <summary>Does something with a value, and says where it stands if it cannot be used.</summary>
    private static T Checked<T>(ConfigPlace place, Func<T> action)
    {
        try
        {
            return action();
        }
        catch (InputException error)
        {
            throw new InputException($"{place}: {error.Wording}", error);
        }
    }
}
