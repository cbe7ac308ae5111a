using System.Buffers;
using System.Globalization;
using System.Text;

namespace IlgpuDistance.Training.Words;

/// <summary>
/// Text as people see it. Names of files, answers of servers, drivers and files of others can hold characters that are not shown
/// but obeyed: escape sequences that rewrite a terminal, line ends that begin a line of their own, marks that turn the direction
/// of writing, halves of characters that are no text. Where text leaves the program they are written as escapes, as <c>\x1b</c>.
/// </summary>
internal static class VisibleText
{
    /// <summary>
    /// Controls (C0, DEL, C1), separators of lines and paragraphs, directional marks, embeddings, overrides and isolates, and
    /// what may be half of a pair of surrogates.
    /// </summary>
    private static readonly SearchValues<char> Suspects =
        SearchValues.Create([.. Enumerable.Range(0, char.MaxValue + 1).Select(code => (char)code).Where(IsSuspect)]);

    /// <summary>Text in one line: everything that is not shown becomes visible, line ends, too.</summary>
    public static string OneLine(string text) => Of(text, keepsLines: false);

    /// <summary>Text whose line feeds and tabs stay what they are.</summary>
    public static string Lines(string text) => Of(text, keepsLines: true);

    /// <summary>
    /// The first character, as an escape, that is not seen where the text is shown, or any if the whole text cannot be seen; null
    /// where all is well.
    /// </summary>
    public static string? FirstHidden(string text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            if (char.IsSurrogatePair(text, i))
                i++;
            else if (IsSuspect(text[i]))
                return EscapeOf(text[i]);
        }
        return text.Length > 0 && text.EnumerateRunes().All(IsBlank) ? EscapeOf(text[0]) : null;
    }

    private static bool IsSuspect(char character) =>
        char.IsControl(character) || char.IsSurrogate(character) || IsUnseen(character);

    /// <summary>
    /// Directional characters, the separators U+2028 and U+2029, and what has no width, except the joiners, which scripts and
    /// emoji need.
    /// </summary>
    private static bool IsUnseen(char character) =>
        character is '\u061C' or '\u200B' or '\u200E' or '\u200F' or '\uFEFF' or
            (>= '\u2028' and <= '\u202E') or (>= '\u2060' and <= '\u206F');

    private static bool IsBlank(Rune rune) =>
        Rune.IsWhiteSpace(rune) || Rune.GetUnicodeCategory(rune) == UnicodeCategory.Format
            || rune.Value is 0x115F or 0x1160 or 0x2800 or 0x3164 or 0xFFA0;

    private static string Of(string text, bool keepsLines)
    {
        if (!text.AsSpan().ContainsAny(Suspects))
            return text;
        var visible = new StringBuilder(text.Length + 16);
        for (int i = 0; i < text.Length; i++)
        {
            char character = text[i];
            if (char.IsSurrogatePair(text, i))
                visible.Append(text, i++, 2);
            else if (!IsSuspect(character) || keepsLines && character is ('\n' or '\t'))
                visible.Append(character);
            else
                visible.Append(EscapeOf(character));
        }
        return visible.ToString();
    }

    private static string EscapeOf(char character) => character switch
    {
        '\n' => "\\n",
        '\r' => "\\r",
        '\t' => "\\t",
        <= '\u00FF' => string.Create(CultureInfo.InvariantCulture, $"\\x{(int)character:x2}"),
        _ => string.Create(CultureInfo.InvariantCulture, $"\\u{(int)character:x4}"),
    };
}
