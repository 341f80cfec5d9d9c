/** Names as people have them, in the scripts they write them in, by country. */

export interface Country {
  readonly code: string;
  readonly locale: string;
  readonly timezone: string;
  /** Of the largest place: people are scattered around it. */
  readonly coordinates: readonly [latitude: number, longitude: number];
  readonly cities: readonly string[];
  readonly firstNames: readonly string[];
  readonly lastNames: readonly string[];
  /** Numbers valid for the country: a prefix and so many digits behind it. */
  readonly mobile: { readonly prefix: string; readonly digits: number };
  /** Share of all people, out of 100. */
  readonly weight: number;
}

export const countries: readonly Country[] = [
  {
    code: 'US',
    locale: 'en_US',
    timezone: 'America/New_York',
    coordinates: [40.7, -74],
    cities: ['New York', 'Chicago', 'Houston', 'Phoenix', 'Philadelphia'],
    firstNames: ['James', 'Mary', 'Robert', 'Patricia', 'Michael', 'Jennifer', 'David', 'Linda', 'José', 'Zoë'],
    lastNames: ['Smith', 'Johnson', 'Williams', 'Brown', 'García', 'Miller', 'Davis', "O'Brien", 'Nguyen', 'Lee'],
    mobile: { prefix: '+1212', digits: 7 },
    weight: 34,
  },
  {
    code: 'DE',
    locale: 'de_DE',
    timezone: 'Europe/Berlin',
    coordinates: [52.5, 13.4],
    cities: ['Berlin', 'Hamburg', 'München', 'Köln', 'Düsseldorf'],
    firstNames: ['Lea', 'Jürgen', 'Anna', 'Björn', 'Käthe', 'Maximilian', 'Sören', 'Heike', 'Emma', 'Paul'],
    lastNames: ['Müller', 'Schmidt', 'Schneider', 'Weiß', 'Größ', 'Yılmaz', 'Bauer', 'Köhler', 'Wolf', 'Jäger'],
    mobile: { prefix: '+4915', digits: 9 },
    weight: 18,
  },
  {
    code: 'CH',
    locale: 'de_CH',
    timezone: 'Europe/Zurich',
    coordinates: [47.4, 8.5],
    cities: ['Zürich', 'Genève', 'Basel', 'Bern', 'Lugano'],
    firstNames: ['Urs', 'Chantal', 'Luca', 'Ruedi', 'Noëmi', 'Beat', 'Laura', 'Fabienne', 'Reto', 'Mia'],
    lastNames: ['Meier', 'Rochat', 'Bernasconi', 'Keller', 'Frei', 'Zürcher', 'Favre', 'Amstutz', 'Gerber', 'Huber'],
    mobile: { prefix: '+4179', digits: 7 },
    weight: 6,
  },
  {
    code: 'JP',
    locale: 'ja_JP',
    timezone: 'Asia/Tokyo',
    coordinates: [35.7, 139.7],
    cities: ['東京', '大阪', '名古屋', '札幌', '福岡'],
    firstNames: ['翔太', '陽菜', '蓮', '結衣', '大翔', '美咲', '悠真', 'さくら', '健太', '葵'],
    lastNames: ['佐藤', '鈴木', '高橋', '田中', '伊藤', '渡辺', '山本', '中村', '小林', '加藤'],
    mobile: { prefix: '+8190', digits: 8 },
    weight: 12,
  },
  {
    code: 'IN',
    locale: 'hi_IN',
    timezone: 'Asia/Kolkata',
    coordinates: [19.1, 72.9],
    cities: ['मुंबई', 'दिल्ली', 'Bengaluru', 'Hyderabad', 'Chennai'],
    firstNames: ['आरव', 'Priya', 'अनन्या', 'Vikram', 'Lakshmi', 'Arjun', 'सीता', 'Rahul', 'Divya', 'Kavya'],
    lastNames: ['Sharma', 'पटेल', 'Singh', 'Kumar', 'Reddy', 'Iyer', 'Gupta', 'Nair', 'Khan', 'Das'],
    mobile: { prefix: '+9198', digits: 8 },
    weight: 14,
  },
  {
    code: 'EG',
    locale: 'ar_EG',
    timezone: 'Africa/Cairo',
    coordinates: [30, 31.2],
    cities: ['القاهرة', 'الإسكندرية', 'الجيزة', 'أسوان', 'طنطا'],
    firstNames: ['محمد', 'فاطمة', 'أحمد', 'مريم', 'عمر', 'نور', 'يوسف', 'سارة', 'علي', 'هدى'],
    lastNames: ['حسن', 'إبراهيم', 'محمود', 'السيد', 'عبد الله', 'خليل', 'مصطفى', 'عثمان', 'ناصر', 'فؤاد'],
    mobile: { prefix: '+2010', digits: 8 },
    weight: 7,
  },
  {
    code: 'BR',
    locale: 'pt_BR',
    timezone: 'America/Sao_Paulo',
    coordinates: [-23.6, -46.6],
    cities: ['São Paulo', 'Rio de Janeiro', 'Brasília', 'Salvador', 'Belém'],
    firstNames: ['João', 'Maria', 'Antônio', 'Ana', 'Luís', 'Conceição', 'Tiago', 'Inês', 'Pedro', 'Júlia'],
    lastNames: ['Silva', 'Santos', 'Oliveira', 'Souza', 'Gonçalves', 'Araújo', 'Lima', 'Fernandes', 'Vilaça', 'Rocha'],
    mobile: { prefix: '+551198', digits: 7 },
    weight: 9,
  },
];
