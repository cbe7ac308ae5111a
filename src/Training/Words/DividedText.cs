namespace IlgpuDistance.Training.Words;

/// <summary>Text with parts between dividers, but not those in parentheses, which belong to a call such as a layer.</summary>
internal static class DividedText
{
    /// <summary>Divides a text at a symbol, and trims the parts.</summary>
    /// <param name="text">E.g. <c>Abs, linear(64) > relu > linear(10, bias: false)</c>.</param>
    /// <param name="divider">The symbol.</param>
    public static string[] At(char divider, string text)
    {
        List<string> parts = [];
        int depth = 0, start = 0;
        for (int i = 0; i <= text.Length; i++)
        {
            char symbol = i < text.Length ? text[i] : divider;
            depth += symbol switch { '(' => 1, ')' => -1, _ => 0 };
            if (i < text.Length && (symbol != divider || depth > 0))
                continue;
            parts.Add(text[start..i].Trim());
            start = i + 1;
        }
        return [.. parts];
    }
}
