using System.Reflection;
using CommandLine;

namespace IlgpuDistance.Cli.Verbs;

/// <summary>The options of a verb with their values, for the record of a run.</summary>
internal static class OptionValues
{
    /// <summary>Every option by name; values of enumerations as text in lower case, as the user writes them.</summary>
    public static IReadOnlyDictionary<string, object?> Of(Verb verb)
    {
        var values = new SortedDictionary<string, object?>(StringComparer.Ordinal);
        foreach (PropertyInfo property in verb.GetType().GetProperties())
        {
            if (property.GetCustomAttribute<OptionAttribute>() is { } option)
                values[option.LongName] = property.GetValue(verb) is Enum value ? value.ToString().ToLowerInvariant() : property.GetValue(verb);
        }
        return values;
    }
}
