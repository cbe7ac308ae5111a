using IlgpuDistance.Training.Words;

namespace IlgpuDistance.Training.Tests.Words;

public sealed class VisibleTextTests
{
    [Theory]
    [InlineData("\u001b[31mred\u001b[0m", @"\x1b[31mred\x1b[0m")]
    [InlineData("a\0b\bc\u007f", @"a\x00b\x08c\x7f")]
    [InlineData("\u009b31m\u0085", @"\x9b31m\x85")]
    [InlineData("line\r\nend\t\u2028\u2029", @"line\r\nend\t\u2028\u2029")]
    [InlineData("abc\u202egnp.exe\u2066x\u2069\u200f\u061c", @"abc\u202egnp.exe\u2066x\u2069\u200f\u061c")]
    [InlineData("Zürich, 数, עברית, 😀, é, a\u0301", "Zürich, 数, עברית, 😀, é, a\u0301")]
    [InlineData("", "")]
    public void What_is_obeyed_instead_of_shown_becomes_visible(string text, string expected) =>
        Assert.Equal(expected, VisibleText.OneLine(text));

    [Fact]
    public void Halves_of_characters_become_visible() =>
        Assert.Equal(@"\ud800 and \udc00\ud83d", VisibleText.OneLine("\ud800 and \udc00\ud83d"));

    [Theory]
    [InlineData("a\u007f", @"\x7f")]
    [InlineData("\u202ex", @"\u202e")]
    [InlineData("\u200b", @"\u200b")]
    [InlineData("\u200d", @"\u200d")]
    [InlineData("\u2800\u3164", @"\u2800")]
    [InlineData("\u0645\u06cc\u200c\u062e 😀", null)]
    [InlineData("", null)]
    public void A_character_that_nobody_sees_is_named(string text, string? expected) =>
        Assert.Equal(expected, VisibleText.FirstHidden(text));

    [Fact]
    public void Lines_of_text_keep_their_ends_and_tabs() =>
        Assert.Equal("one\n\ttwo\\r\n\\x1b[2Jthree", VisibleText.Lines("one\n\ttwo\r\n\u001b[2Jthree"));

    [Fact]
    public void Of_all_single_characters_none_is_left_that_a_terminal_obeys()
    {
        for (int code = 0; code <= char.MaxValue; code++)
        {
            string visible = VisibleText.OneLine($"{(char)code}");
            Assert.DoesNotContain(visible, shown => char.GetUnicodeCategory(shown) is
                System.Globalization.UnicodeCategory.Control or System.Globalization.UnicodeCategory.Surrogate
                or System.Globalization.UnicodeCategory.LineSeparator or System.Globalization.UnicodeCategory.ParagraphSeparator);
        }
    }
}
