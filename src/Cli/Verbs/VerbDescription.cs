using System.Globalization;
using System.Reflection;
using CommandLine;

namespace IlgpuDistance.Cli.Verbs;

/// <summary>What the attributes on a verb's class say: its name, its options and its other arguments.</summary>
internal sealed class VerbDescription
{
    /// <summary>Reads the attributes of a class.</summary>
    public VerbDescription(Type type)
    {
        Type = type;
        var verb = type.GetCustomAttribute<VerbAttribute>()!;
        (Name, Help) = (verb.Name, verb.HelpText);
        PropertyInfo[] properties = type.GetProperties();
        Options = [.. properties.Where(p => p.IsDefined(typeof(OptionAttribute))).Select(p => new VerbOption(p))];
        TakesMore = properties.Any(p => p.IsDefined(typeof(ValueAttribute)) && p.PropertyType != typeof(string));
        Values = [.. properties.Select(p => p.GetCustomAttribute<ValueAttribute>()).OfType<ValueAttribute>()
            .OrderBy(value => value.Index)];
    }

    /// <summary>The class.</summary>
    public Type Type { get; }

    /// <summary>The verb on the command line.</summary>
    public string Name { get; }

    /// <summary>What the verb does, in one sentence.</summary>
    public string Help { get; }

    /// <summary>The options, those of the class itself first.</summary>
    public IReadOnlyList<VerbOption> Options { get; }

    /// <summary>The arguments without a name, in their order; all of them are required.</summary>
    public IReadOnlyList<ValueAttribute> Values { get; }

    /// <summary>Whether more arguments of the last kind may follow.</summary>
    public bool TakesMore { get; }
}

/// <summary>One option of a verb.</summary>
internal sealed class VerbOption(PropertyInfo property)
{
    private readonly OptionAttribute _attribute = property.GetCustomAttribute<OptionAttribute>()!;

    /// <summary>The name with its dashes, e.g. <c>--epochs</c>.</summary>
    public string Name => $"--{Key}";

    /// <summary>The name without dashes.</summary>
    public string Key => _attribute.LongName;

    /// <summary>What the option means.</summary>
    public string Help => _attribute.HelpText;

    /// <summary>The type of the value.</summary>
    public Type Type { get; } = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;

    /// <summary>Whether the option stands alone, without a value.</summary>
    public bool IsFlag => Type == typeof(bool);

    /// <summary>Whether the verb does nothing without the option.</summary>
    public bool IsRequired => _attribute.Required;

    /// <summary>How the option is given: its name, and what stands for its value.</summary>
    public string Usage => IsFlag ? Name : $"{Name} {Placeholder}";

    /// <summary>Whether the option can be given several times, each time with another value.</summary>
    public bool IsRepeatable => Type == typeof(IEnumerable<string>);

    /// <summary>The class that declares the option.</summary>
    public Type Declarer { get; } = property.DeclaringType!;

    /// <summary>The value in a verb that was read, as users write it; empty where there is none.</summary>
    public string ValueIn(Verb verb) => property.GetValue(verb) switch
    {
        null => "",
        Enum name => name.ToString().ToLowerInvariant(),
        bool flag => flag ? "true" : "false",
        var value => Convert.ToString(value, CultureInfo.InvariantCulture)!.Trim(),
    };

    /// <summary>The names that the value can have, in lower case as users write them; empty where it is no enumeration.</summary>
    public IReadOnlyList<string> Choices => Type.IsEnum ? [.. Enum.GetNames(Type).Select(name => name.ToLowerInvariant())] : [];

    /// <summary>What stands for the value in help and messages.</summary>
    public string Placeholder => Type.IsEnum ? string.Join('|', Choices) : _attribute.MetaValue;

    /// <summary>The value where the option is not given, as users write it; empty where there is none.</summary>
    public string Default => IsFlag || _attribute.Default is null ? "" : AsWritten(_attribute.Default)!.ToString()!;

    private static object? AsWritten(object? value) => value is Enum name ? name.ToString().ToLowerInvariant() : value;
}
