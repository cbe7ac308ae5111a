namespace IlgpuDistance.Gpu.Errors;

/// <summary>
/// The part of a message that says by which settings of a program its advice is followed: " with A or B". It is empty where
/// the program has none of them, and in the library's own words, in which the advice stands for itself.
/// </summary>
/// <param name="Before">What stands before the settings, e.g. "with".</param>
/// <param name="Settings">The settings; each will do.</param>
internal sealed record Hint(string Before, params IReadOnlyList<Setting> Settings)
{
    /// <summary>What the advice is followed with: "name another folder" and this.</summary>
    public static Hint With(params IReadOnlyList<Setting> settings) => new("with", settings);

    /// <summary>The hint as a program says it.</summary>
    /// <param name="nameOf">The program's name of a setting; null where it has none.</param>
    public string InWords(Func<Setting, string?> nameOf)
    {
        string[] names = [.. Settings.Select(nameOf).OfType<string>()];
        return names.Length == 0 ? "" : $" {Before} {string.Join(" or ", names)}";
    }

    /// <summary>Nothing: the library's own words.</summary>
    public override string ToString() => "";
}
