namespace IlgpuDistance.Cli.Configuration;

/// <summary>What a value in a file of options is.</summary>
internal enum ConfigKind
{
    Text,
    Integer,
    Number,
    Flag,
    List,
    Table,

    /// <summary>Something that no option has: a date, null.</summary>
    Other,
}

/// <summary>A value in a file of options, TOML or JSON.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Text">The value as it would be written on the command line; of lists and tables nothing.</param>
/// <param name="Place">Where it stands.</param>
internal sealed record ConfigValue(ConfigKind Kind, string Text, ConfigPlace Place)
{
    /// <summary>The elements of a list.</summary>
    public IReadOnlyList<ConfigValue> Items { get; init; } = [];

    /// <summary>The entries of a table, each key once.</summary>
    public IReadOnlyList<ConfigEntry> Entries { get; init; } = [];

    /// <summary>The value as messages have it.</summary>
    public string InWords => Kind switch
    {
        ConfigKind.List => "a list",
        ConfigKind.Table => "a table",
        ConfigKind.Text => $"the text \"{Text}\"",
        _ => Text,
    };
}

/// <summary>A key with its value.</summary>
/// <param name="Key">The key.</param>
/// <param name="Place">Where the key stands.</param>
/// <param name="Value">The value.</param>
internal sealed record ConfigEntry(string Key, ConfigPlace Place, ConfigValue Value);

/// <summary>A place in a file, as editors count: from 1.</summary>
/// <param name="File">The file.</param>
/// <param name="Line">The line.</param>
/// <param name="Column">The character in the line.</param>
internal readonly record struct ConfigPlace(string File, int Line, int Column)
{
    /// <summary>As compilers write it, so that editors find it.</summary>
    public override string ToString() => $"{File}:{Line}:{Column}";
}
