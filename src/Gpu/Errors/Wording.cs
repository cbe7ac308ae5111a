using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace IlgpuDistance.Gpu.Errors;

/// <summary>
/// A message that keeps apart what it says and the settings that it names, so that a program can say it with its own names: the
/// library's "learning rate 0: expected a number above 0" becomes "--lr 0: expected a number above 0" on a command line. The
/// compiler makes one of an interpolated string in which a <see cref="Setting"/>, a <see cref="Hint"/> or another wording
/// stands; numbers are written in the same way in every culture.
/// </summary>
[InterpolatedStringHandler]
internal sealed class Wording
{
    private readonly List<object> _parts = [];

    /// <summary>For the compiler.</summary>
    public Wording(int literalLength, int formattedCount) =>
        _parts.EnsureCapacity(formattedCount + Math.Min(literalLength, formattedCount + 1));

    private Wording(string text) => _parts.Add(text);

    /// <summary>A text that names no setting.</summary>
    [return: NotNullIfNotNull(nameof(text))]
    public static implicit operator Wording?(string? text) => text is null ? null : new(text);

    /// <summary>Wordings with a text between two of them.</summary>
    public static Wording Join(string separator, IEnumerable<Wording> wordings) =>
        wordings.Aggregate((before, next) => $"{before}{separator}{next}");

    /// <summary>For the compiler.</summary>
    public void AppendLiteral(string text) => _parts.Add(text);

    /// <summary>For the compiler.</summary>
    public void AppendFormatted<T>(T value) => AppendFormatted(value, null);

    /// <summary>For the compiler.</summary>
    public void AppendFormatted<T>(T value, string? format) =>
        _parts.Add(value is IFormattable number
            ? number.ToString(format, CultureInfo.InvariantCulture)
            : value?.ToString() ?? "");

    /// <summary>For the compiler.</summary>
    public void AppendFormatted(Setting setting) => _parts.Add(setting);

    /// <summary>For the compiler.</summary>
    public void AppendFormatted(Hint hint) => _parts.Add(hint);

    /// <summary>For the compiler.</summary>
    public void AppendFormatted(Wording? wording) => _parts.AddRange(wording?._parts ?? []);

    /// <summary>The message as a program says it.</summary>
    /// <param name="nameOf">The program's name of a setting; null where it has none, and the library's stands.</param>
    public string InWords(Func<Setting, string?> nameOf) => string.Concat(_parts.Select(part => part switch
    {
        Setting setting => nameOf(setting) ?? setting.Name,
        Hint hint => hint.InWords(nameOf),
        _ => (string)part,
    }));

    /// <summary>The message in the library's own words.</summary>
    public override string ToString() => InWords(_ => null);
}
